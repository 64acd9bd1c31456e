import { describe, expect, it } from 'vitest';
import { openRoleSimulation } from '../../functions/clients/role-simulation/open-role-simulation.ts';
import { useAccountEndpoints } from '../support/account-endpoints.ts';
import { newRegion } from '../support/new-region.ts';

const { query } = useAccountEndpoints();

const ROLE = 'arn:aws:iam::111122223333:role/gitlab/backup';
const BUCKET = 'arn:aws:s3:::uploads';

interface Result {
  readonly decision?: string;
  readonly missing?: readonly string[];
  /** More elements of the result. */
  readonly more?: string;
}

const list = (name: string, keys: readonly string[]): string =>
  `<${name}>${keys.map((key) => `<member>${key}</member>`).join('')}</${name}>`;

/** Answers each action of a call alike. */
const answerAll = ({ decision = 'allowed', missing = [], more = '' }: Result): void =>
  query().answer('SimulatePrincipalPolicy', (parameters) => {
    const actions = [...parameters].flatMap(([name, value]) =>
      name.startsWith('ActionNames.') ? [value] : [],
    );
    const resource = parameters.get('ResourceArns.member.1') ?? '';
    const members = actions.map(
      (action) =>
        `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${resource}</EvalResourceName><EvalDecision>${decision}</EvalDecision>${list('MissingContextValues', missing)}${more}</member>`,
    );
    return {
      xml: `<EvaluationResults>${members.join('')}</EvaluationResults><IsTruncated>false</IsTruncated>`,
    };
  });

const simulate = async (...questions: readonly (readonly [string, string])[]) =>
  openRoleSimulation(newRegion()).simulate(
    ROLE,
    questions.map(([action, resource]) => ({ action, resource })),
  );

describe('a simulation', () => {
  it('asks for each resource by itself, since a call asks for every pair, and keeps the order', async () => {
    answerAll({});
    const before = query().calls.length;
    const answers = await simulate(
      ['s3:ListBucket', BUCKET],
      ['s3:GetObject', `${BUCKET}/*`],
      ['s3:GetBucketLocation', BUCKET],
    );
    expect(answers.map(({ action, resource }) => [action, resource])).toEqual([
      ['s3:ListBucket', BUCKET],
      ['s3:GetObject', `${BUCKET}/*`],
      ['s3:GetBucketLocation', BUCKET],
    ]);
    const calls = query().calls.slice(before);
    expect(calls).toHaveLength(2);
    expect(calls.every((call) => call.get('ResourceArns.member.2') === null)).toBe(true);
    expect(calls.every((call) => call.get('PolicySourceArn') === ROLE)).toBe(true);
  });

  it('tells IAM that every request comes by TLS, which policies of buckets ask for', async () => {
    answerAll({});
    await simulate(['s3:ListBucket', BUCKET]);
    const call = query().calls.at(-1);
    expect(call?.get('ContextEntries.member.1.ContextKeyName')).toBe('aws:SecureTransport');
    expect(call?.get('ContextEntries.member.1.ContextKeyValues.member.1')).toBe('true');
  });

  const specific = (decision: string, missing: readonly string[] = []): string =>
    `<ResourceSpecificResults><member><EvalResourceName>${BUCKET}</EvalResourceName><EvalResourceDecision>${decision}</EvalResourceDecision>${list('MissingContextValues', missing)}</member></ResourceSpecificResults>`;
  const organisation = (allowed: boolean): string =>
    `<OrganizationsDecisionDetail><AllowedByOrganizations>${allowed}</AllowedByOrganizations></OrganizationsDecisionDetail>`;

  it.each<[string, Result, string, string[]]>([
    ['what is allowed', {}, 'allowed', []],
    ['what nothing allows', { decision: 'implicitDeny' }, 'implicitDeny', []],
    ['what is denied', { decision: 'explicitDeny' }, 'explicitDeny', []],
    ['a decision that is new', { decision: 'perhaps' }, 'implicitDeny', []],
    ['keys that IAM was not told', { missing: ['aws:SourceVpce'] }, 'allowed', ['aws:SourceVpce']],
    [
      'what is said of the resource before what is said of the action',
      { more: specific('explicitDeny') },
      'explicitDeny',
      [],
    ],
    [
      'keys of both, each once',
      { missing: ['a:b'], more: specific('allowed', ['a:b', 'c:d']) },
      'allowed',
      ['a:b', 'c:d'],
    ],
    ['an organisation that lets it through', { more: organisation(true) }, 'allowed', []],
    ['an organisation that does not', { more: organisation(false) }, 'implicitDeny', []],
  ])('reads %s', async (_, result, decision, missingContext) => {
    answerAll(result);
    expect(await simulate(['s3:ListBucket', BUCKET])).toEqual([
      { action: 's3:ListBucket', resource: BUCKET, decision, missingContext },
    ]);
  });

  it('reads every page', async () => {
    const member = (action: string) =>
      `<member><EvalActionName>${action}</EvalActionName><EvalResourceName>${BUCKET}</EvalResourceName><EvalDecision>allowed</EvalDecision></member>`;
    query().answer('SimulatePrincipalPolicy', (parameters) =>
      parameters.get('Marker') === 'next'
        ? { xml: `<EvaluationResults>${member('s3:B')}</EvaluationResults><IsTruncated>false</IsTruncated>` }
        : {
            xml: `<EvaluationResults>${member('S3:a')}</EvaluationResults><IsTruncated>true</IsTruncated><Marker>next</Marker>`,
          },
    );
    expect(await simulate(['s3:A', BUCKET], ['s3:B', BUCKET], ['s3:C', BUCKET])).toMatchObject([
      { action: 's3:A' },
      { action: 's3:B' },
    ]);
  });

  it.each([
    ['AccessDenied', 403, 'iam.forbidden'],
    ['NoSuchEntity', 404, 'iam.missing'],
    ['InvalidInput', 400, 'iam.refused'],
  ])('says %s of IAM as ours', async (error, status, code) => {
    query().answer('SimulatePrincipalPolicy', () => ({ error, status }));
    await expect(simulate(['s3:ListBucket', BUCKET])).rejects.toMatchObject({ code });
  });

  it('asks nothing for no question', async () => {
    const before = query().calls.length;
    expect(await simulate()).toEqual([]);
    expect(query().calls).toHaveLength(before);
  });
});
