import { request as ask } from 'node:http';
import { text } from 'node:stream/consumers';
import { IAMClient, SimulatePrincipalPolicyCommand } from '@aws-sdk/client-iam';
import type { LocalAws } from '../aws/start-aws.ts';
import { RdsError } from './answer.ts';
import type { Parameters } from './parameters.ts';

/** A call as it came. */
interface SignedCall {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly parameters: Parameters;
  /** Tags of the instance that it names, by which policies may tell one from another. */
  readonly tags: Readonly<Record<string, string>>;
}

/** Whether whoever signed a call may make it. */
export interface Authority {
  /** @throws RdsError `AccessDenied` when a policy does not allow it. */
  check(call: SignedCall): Promise<void>;
  stop(): void;
}

/** What the local AWS says of a call that it allows nobody. */
const DENIED = /<Code>AccessDenied<\/Code>[\s\S]*?<Message>([^<]*)</;
const SUBJECT = /User: (\S+) is not authorized to perform: (rds:\w+)(?: on resource: (\S+))?/;

/**
 * Has the local AWS judge by its IAM: the very call goes there, where no such database is, and it comes back as denied or
 * as anything else. It knows an instance and a cluster by their identifiers, and nothing of their tags; for all else it
 * asks for a right on `*`. Whom it denies that is looked up on what the call is about, by SimulatePrincipalPolicy.
 *
 * Left out: what a call needs beside its first resource, such as the snapshot and the groups of a new instance.
 */
export const askLocalIam = (aws: Pick<LocalAws, 'url' | 'region' | 'account' | 'credentials'>): Authority => {
  const { url: endpoint, region, credentials } = aws;
  const iam = new IAMClient({ endpoint, region, credentials });
  return {
    check: async (call) => {
      const [, message = ''] = DENIED.exec(await forward(endpoint, call)) ?? [];
      if (message === '') return;
      const [, caller = '', action = '', resource = '*'] = SUBJECT.exec(message) ?? [];
      const [, role] = /:assumed-role\/([^/]+)\//.exec(caller) ?? [];
      const tags = Object.entries(call.tags);
      const isNamed = !resource.startsWith('*');
      if (role === undefined || (isNamed && tags.length === 0)) throw new RdsError('AccessDenied', message);
      const { EvaluationResults = [] } = await iam.send(
        new SimulatePrincipalPolicyCommand({
          PolicySourceArn: `arn:aws:iam::${aws.account}:role/${role}`,
          ActionNames: [action],
          ResourceArns: [isNamed ? resource : findResource(aws, call.parameters)],
          ContextEntries: tags.map(([key, value]) => ({
            ContextKeyName: `aws:ResourceTag/${key}`,
            ContextKeyType: 'string',
            ContextKeyValues: [value],
          })),
        }),
      );
      const isAllowed = EvaluationResults.every(({ EvalDecision }) => EvalDecision === 'allowed');
      if (!isAllowed || EvaluationResults.length === 0) throw new RdsError('AccessDenied', message);
    },
    stop: () => iam.destroy(),
  };
};

/** What a call is about, where the local AWS does not say. */
const findResource = (
  { region, account }: Pick<LocalAws, 'region' | 'account'>,
  parameters: Parameters,
): string => {
  const arn = parameters.get('ResourceName') ?? parameters.get('ResourceIdentifier');
  if (arn !== null) return arn;
  for (const [name, kind] of [
    ['DBSnapshotIdentifier', 'snapshot'],
    ['DBClusterSnapshotIdentifier', 'cluster-snapshot'],
    ['TargetDBInstanceIdentifier', 'db'],
    ['DBInstanceIdentifier', 'db'],
  ] as const) {
    const value = parameters.get(name);
    if (value !== null) return `arn:aws:rds:${region}:${account}:${kind}:${value}`;
  }
  return `arn:aws:rds:${region}:${account}:db:*`;
};

/** The same headers, or the signature would be none. */
const forward = (endpoint: string, { headers, body }: SignedCall): Promise<string> =>
  new Promise((resolve, reject) => {
    const sent = ask(endpoint, { method: 'POST', path: '/', headers }, (response) => {
      text(response).then(resolve, reject);
    });
    sent.on('error', reject);
    sent.end(body);
  });
