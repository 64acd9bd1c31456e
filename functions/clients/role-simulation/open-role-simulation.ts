import {
  ContextKeyTypeEnum,
  type EvaluationResult,
  IAMClient,
  paginateSimulatePrincipalPolicy,
} from '@aws-sdk/client-iam';
import { AWS_SETTINGS, limitTime, perRegion } from '../aws-clients.ts';
import { explainAwsError } from '../aws-errors.ts';
import { mapBounded } from '../bounded.ts';
import type { RoleSimulation, SimulationAnswer, SimulationQuestion } from '../role-simulation.ts';

const useIam = perRegion((region) => new IAMClient({ ...AWS_SETTINGS, region }));

/** IAM throttles simulations sooner than reads. */
const WIDTH = 3;

/** True of every request of the backup tool; buckets commonly deny whatever comes without it. */
const CONTEXT = [
  {
    ContextKeyName: 'aws:SecureTransport',
    ContextKeyType: ContextKeyTypeEnum.BOOLEAN,
    ContextKeyValues: ['true'],
  },
];

/** IAM of the partition that the region belongs to, under the credentials of this process. */
export const openRoleSimulation = (region: string): RoleSimulation => ({
  simulate: async (role, questions, signal) => {
    // A call of several actions and resources asks for every pair of them, so a resource has a call of its own.
    const byResource = Map.groupBy(questions, ({ resource }) => resource);
    const answers = await mapBounded([...byResource], WIDTH, ([resource, asked]) =>
      simulateOn(region, role, resource, asked, signal),
    );
    const found = new Map(answers.flat().map((answer) => [keyOf(answer), answer]));
    return questions.flatMap((question) => {
      const answer = found.get(keyOf(question));
      return answer ? [{ ...answer, ...question }] : [];
    });
  },
});

const simulateOn = async (
  region: string,
  role: string,
  resource: string,
  asked: readonly SimulationQuestion[],
  signal: AbortSignal | undefined,
): Promise<SimulationAnswer[]> => {
  const input = {
    PolicySourceArn: role,
    ActionNames: [...new Set(asked.map(({ action }) => action))],
    ResourceArns: [resource],
    ContextEntries: CONTEXT,
  };
  const results: EvaluationResult[] = [];
  try {
    const pages = paginateSimulatePrincipalPolicy({ client: useIam(region) }, input, limitTime(signal));
    for await (const { EvaluationResults = [] } of pages) results.push(...EvaluationResults);
  } catch (error) {
    const action = 'iam:SimulatePrincipalPolicy';
    throw explainAwsError(error, { scope: 'iam', service: 'IAM', action, where: `role ${role}` });
  }
  return results.map((result) => readResult(result, resource));
};

/**
 * What is said of the resource itself goes before what is said of the action. What an organisation does not let through
 * is not allowed, whatever the policies of the role say.
 */
const readResult = (result: EvaluationResult, resource: string): SimulationAnswer => {
  const { EvalActionName = '', EvalDecision, OrganizationsDecisionDetail, ResourceSpecificResults } = result;
  const specific = ResourceSpecificResults?.find(({ EvalResourceName }) => EvalResourceName === resource);
  const said = specific?.EvalResourceDecision ?? EvalDecision;
  const isBarred = OrganizationsDecisionDetail?.AllowedByOrganizations === false;
  const missing = [...(result.MissingContextValues ?? []), ...(specific?.MissingContextValues ?? [])];
  return {
    action: EvalActionName,
    resource,
    // A decision that IAM may learn one day is none that allows.
    decision:
      said === 'explicitDeny' ? 'explicitDeny' : said === 'allowed' && !isBarred ? 'allowed' : 'implicitDeny',
    missingContext: [...new Set(missing)],
  };
};

/** Names of actions have no case. */
const keyOf = ({ action, resource }: SimulationQuestion): string => `${action.toLowerCase()} ${resource}`;
