import type { QuotaFact } from '../../records/upgrade/aws-facts.ts';
import type { FactItems } from '../../records/upgrade/facts.ts';
import { defineCheck, type Verdict } from '../check.ts';
import { surgeOf } from '../plan/node-surge.ts';
import { leastVcpus, mostVcpus, needsStandardVcpus, STANDARD_VCPU_QUOTA } from '../plan/node-vcpus.ts';
import { count } from './rules/subject.ts';

/** The share of a quota from which it is spoken of, whoever needs it. */
const TIGHT = 0.8;

/**
 * Quotas that new nodes need while old ones still run. Node groups are updated one after the other, so each needs its
 * own growth alone. Where not one more node fits, its update fails, which blocks; where fewer fit than it may grow by,
 * it may still get through. Other things than nodes may take the rest, so a quota that is nearly used up warns anyhow.
 */
export const quotas = defineCheck({
  code: 'quotas',
  title: 'The quotas of the account leave room for the nodes of an update',
  reads: ['quotas', 'nodeGroups', 'subnets'],
  judgesPartly: true,
  judge: (facts, step) =>
    facts.quotas.flatMap((quota): Verdict[] => {
      const { code, name, used, limit, unit } = quota;
      const growing = listGrowth(quota, facts);
      const stuck = growing.filter(({ least }) => least > limit - used);
      const short = growing.filter(({ most }) => most > limit - used);
      if (short.length === 0 && used < limit * TIGHT) return [];
      return [
        {
          result: stuck.length > 0 ? 'block' : 'warn',
          subject: `quota ${name}`,
          message: `${used} of ${limit} ${unit} are used (${percent(used, limit)}). ${tell(stuck, short, limit - used)}`,
          remedy: {
            text: 'Ask for more before this step; it may take a day. Fill in the value.',
            command: `aws service-quotas request-service-quota-increase --region ${step.region} --service-code ${serviceOf(quota)} --quota-code ${code} --desired-value VALUE`,
            link: 'https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html',
          },
          evidence: [
            `${code}: ${used} of ${limit} ${unit}`,
            ...growing.map(
              ({ group, nodes, most }) => `${group}: up to ${count(nodes, 'node')} more, ${most} ${unit}`,
            ),
          ],
        },
      ];
    }),
});

/** What the update of a node group takes of a quota while its old nodes still run. */
interface Growth {
  readonly group: string;
  readonly nodes: number;
  /** By one node of its smallest type. */
  readonly least: number;
  /** By all of its new nodes, of its largest type; by one where its types do not tell. */
  readonly most: number;
}

const listGrowth = (
  { code }: QuotaFact,
  { nodeGroups, subnets }: Pick<FactItems, 'nodeGroups' | 'subnets'>,
): Growth[] =>
  code === STANDARD_VCPU_QUOTA
    ? nodeGroups.filter(needsStandardVcpus).flatMap((group) => {
        const nodes = surgeOf(group, subnets);
        const least = leastVcpus(group);
        const most = nodes * (mostVcpus(group) ?? least);
        return nodes === 0 ? [] : [{ group: `node group ${group.name}`, nodes, least, most }];
      })
    : [];

const tell = (stuck: readonly Growth[], short: readonly Growth[], free: number): string => {
  if (stuck.length > 0) {
    return `Not one more node fits, so the update of ${nameAll(stuck)} fails with NodeCreationFailure.`;
  }
  if (short.length > 0) {
    const most = Math.max(...short.map(({ most: needed }) => needed));
    return `The update of ${nameAll(short)} takes up to ${most} more until the old nodes are gone, and ${free} are free: it may get too few new nodes.`;
  }
  return 'An update makes new nodes and volumes before the old ones go, and may not get them.';
};

const nameAll = (groups: readonly Growth[]): string => groups.map(({ group }) => group).join(' and ');

/** Storage quotas belong to EBS, those of vCPUs to EC2. */
const serviceOf = ({ unit }: QuotaFact): string => (unit === 'vCPU' ? 'ec2' : 'ebs');

const percent = (used: number, limit: number): string =>
  limit === 0 ? 'there is none' : `${Math.floor((100 * used) / limit)} %`;
