import type { AccessAnswer } from '../../clients/kubernetes-access.ts';
import type { CapabilityAccess } from './capability-access.ts';
import { type Check, fail, notChecked, pass } from './check.ts';
import type { EnvironmentSubject } from './subject.ts';

/** Does the cluster know the roles of a capability, and let them do just their work? */
export const accessChecks = (access: CapabilityAccess): readonly Check<EnvironmentSubject>[] => [
  {
    name: `access entry${access.suffix}`,
    needs: ['cluster'],
    async run({ at, environment }) {
      const outputs = await at.outputs();
      const roles = access.roles.flatMap((name) => outputs?.[name] ?? []);
      if (roles.length < access.roles.length) {
        return notChecked(`waits for "stack" of site ${at.name}`, 'npm run deploy');
      }
      const cluster = environment.cluster.name;
      for (const role of roles) {
        const groups = await at.aws.readAccessGroups(cluster, role);
        if (groups?.includes(access.group)) continue;
        const verb = groups ? 'update' : 'create';
        return fail(
          groups
            ? `the access entry of ${role} lacks the group ${access.group}`
            : `${cluster} has no access entry for ${role}`,
          `aws eks ${verb}-access-entry --region ${at.site.region} --cluster-name ${cluster} --principal-arn ${role} ` +
            `--kubernetes-groups ${[...(groups ?? []), access.group].join(' ')}`,
        );
      }
      return pass(`${roles.join(', ')} in ${access.group}`);
    },
  },
  {
    name: `rights${access.suffix}`,
    needs: ['endpoint'],
    async run({ at, kubernetes }) {
      const { group, rights } = access;
      if (rights.length === 0) return pass('no target needs any');
      // As the API server sees the role: what counts is the group that its access entry gives it.
      const user = (await at.outputs())?.[access.roles[0] ?? ''] ?? 'drydock';
      const subject = { user, groups: [group, 'system:authenticated'] };
      const answers = await (await kubernetes()).reviewAccess(rights, subject);
      const lacking = answers.filter((answer, index) => rights[index]?.allowed && !answer.allowed);
      const surplus = answers.filter((answer, index) => rights[index]?.allowed === false && answer.allowed);
      if (lacking.length > 0)
        return fail(`${group} may not ${describeRights(lacking)}`, access.mend(lacking));
      if (surplus.length > 0) {
        return fail(
          `${group} may do more than it needs: ${describeRights(surplus)}`,
          `Find what grants it and take it away: kubectl get rolebindings,clusterrolebindings -A -o wide | grep -E '${group}|system:authenticated'`,
        );
      }
      return pass(`${group} may do its work in ${access.place}, and nothing else`);
    },
  },
];

/** Rights named in one message; more tell the reader nothing. */
const MAX_NAMED = 5;

const describeRights = (answers: readonly AccessAnswer[]): string => {
  const named = answers
    .slice(0, MAX_NAMED)
    .map(({ verb, resource, namespace }) => `${verb} ${resource} in ${namespace || 'all namespaces'}`);
  const more = answers.length - named.length;
  return more > 0 ? `${named.join(', ')} and ${more} more` : named.join(', ');
};
