import { definePreflightRule, notChecked, pass, refuse } from '../preflight-rule.ts';

/**
 * Who a pod under that ServiceAccount is: without an annotation or an association it is the node, and whatever IAM says
 * of the backup's role is of no account.
 *
 * Source: STS API reference, `GetCallerIdentity`; IAM user guide, "IAM identifiers": a session is
 * `assumed-role/<name of the role>/<session>`, without the path of the role.
 */
export const probeIdentity = definePreflightRule({
  code: 'probe-identity',
  title: "A pod under the ServiceAccount of the backup has the backup's role",
  ifUnknown: 'go-on',
  concerns: 'job',
  fact: ({ probe }) => probe,
  learn: 'Look at the events and the log of the probe Job.',
  judge: ({ identity, unknown = 'it did not say' }, { backupRole }) => {
    if (identity === undefined) {
      return [notChecked(`Who the pod is, is not known: ${unknown}.`, 'Look at the log of the probe Job.')];
    }
    if (roleOf(identity) === roleOf(backupRole)) return [pass(`It is ${identity}.`)];
    return [
      refuse(
        `It is ${identity}, and not ${backupRole}.`,
        'Annotate the ServiceAccount with eks.amazonaws.com/role-arn, or make the Pod Identity association; pods have it from their next start.',
      ),
    ];
  },
});

/** Account and name of a role, of its own ARN or of a session of it; otherwise the whole. */
const roleOf = (arn: string): string => {
  const [, account, role, session] =
    /^arn:[^:]+:(?:iam|sts)::(\d{12}):(?:role\/(?:.*\/)?([^/]+)|assumed-role\/([^/]+)\/.+)$/.exec(arn) ?? [];
  return account === undefined ? arn : `${account} ${role ?? session ?? ''}`;
};
