import type { NodeGroupFact, QuotaFact } from '../../records/upgrade/aws-facts.ts';
import { defineCheck, type Verdict } from '../check.ts';

/** The share of a quota from which it is spoken of. */
const TIGHT = 0.8;

/** "Running On-Demand Standard instances": vCPUs of the families A, C, D, H, I, M, R, T and Z. Source: EC2 user guide. */
const ON_DEMAND_STANDARD = 'L-1216C47A';
const STANDARD_FAMILY = /^(?:[acdhimrtz]|im|is)\d/i;

/**
 * Quotas that new nodes need while old ones still run. One that is used up blocks only when a group must grow by it:
 * on-demand nodes of these families, made before the old ones go.
 */
export const quotas = defineCheck({
  code: 'quotas',
  title: 'The quotas of the account leave room for the nodes of an update',
  reads: ['quotas', 'nodeGroups'],
  judge: (facts, step) =>
    facts.quotas
      .filter(({ used, limit }) => used >= limit * TIGHT)
      .map((quota): Verdict => {
        const { code, name, used, limit, unit } = quota;
        const waiting = groupsThatNeed(quota, facts.nodeGroups);
        const isExhausted = used >= limit;
        const blocks = isExhausted && waiting.length > 0;
        return {
          result: blocks ? 'block' : 'warn',
          subject: `quota ${name}`,
          message: `${used} of ${limit} ${unit} are used (${percent(used, limit)}). ${
            blocks
              ? `No node can come up, so the update of ${waiting.join(' and ')} fails with NodeCreationFailure.`
              : 'An update makes new nodes and volumes before the old ones go, and may not get them.'
          }`,
          remedy: {
            text: 'Ask for more before this step; it may take a day. Fill in the value.',
            command: `aws service-quotas request-service-quota-increase --region ${step.region} --service-code ${serviceOf(quota)} --quota-code ${code} --desired-value VALUE`,
            link: 'https://docs.aws.amazon.com/servicequotas/latest/userguide/request-quota-increase.html',
          },
          evidence: [`${code}: ${used} of ${limit} ${unit}`],
        };
      }),
});

const groupsThatNeed = ({ code }: QuotaFact, groups: readonly NodeGroupFact[]): string[] =>
  code === ON_DEMAND_STANDARD
    ? groups
        .filter(
          ({ capacityType, desiredSize, strategy, instanceTypes }) =>
            capacityType === 'ON_DEMAND' &&
            desiredSize > 0 &&
            strategy === 'DEFAULT' &&
            instanceTypes.length > 0 &&
            instanceTypes.every((type) => STANDARD_FAMILY.test(type)),
        )
        .map(({ name }) => `node group ${name}`)
    : [];

/** Storage quotas belong to EBS, those of vCPUs to EC2. */
const serviceOf = ({ unit }: QuotaFact): string => (unit === 'vCPU' ? 'ec2' : 'ebs');

const percent = (used: number, limit: number): string =>
  limit === 0 ? 'there is none' : `${Math.floor((100 * used) / limit)} %`;
