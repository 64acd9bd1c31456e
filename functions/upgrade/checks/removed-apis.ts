import { compareMinors, shiftMinor } from '../../records/kubernetes-version.ts';
import type { FactItems } from '../../records/upgrade/facts.ts';
import { type Check, defineCheck, type StepContext, type Verdict } from '../check.ts';
import { countRequests, keyOfResource, readCalls } from '../deprecations/api-calls.ts';
import { type ApiRow, apiVersionOf } from '../deprecations/api-row.ts';
import { judgeClients, judgeRequests, judgeSilentInsights } from '../deprecations/client-verdict.ts';
import { keepNewestRevisions } from '../deprecations/helm-release.ts';
import { judgeObject, type Traffic } from '../deprecations/object-verdict.ts';
import { lookupRuledApi, TABLE_SOURCE } from '../deprecations/table.ts';
import { joinObjects } from '../deprecations/used-object.ts';

/** Joins everything that tells of an old API version into one finding an object or client. */
const judge = (facts: FactItems, step: StepContext): Verdict[] => {
  const calls = readCalls(facts.insights, step, step.now);
  const active = calls.filter(({ isStale, isOwn }) => !isStale && !isOwn);
  const callsByResource = Map.groupBy(active, keyOfResource);
  // What we had to list by an old version ourselves is in the count, and proves nothing.
  const own = listedByUs(facts);
  const counted = countRequests(facts.requestedApis).filter((one) => !own.has(keyOfResource(one)));
  const countedByResource = new Map(counted.map((one) => [keyOfResource(one), one]));

  const trafficOf = ({ group, version, resource = '' }: ApiRow): Traffic => {
    const key = keyOfResource({ group, version, resource });
    const requests = countedByResource.get(key);
    return { calls: callsByResource.get(key) ?? [], ...(requests ? { counted: requests } : {}) };
  };
  // A release may have come in two parts of a collection, and only its newest revision is upgraded.
  const helm = keepNewestRevisions(facts.helm);
  const objects = joinObjects({ ...facts, helm }, step);
  const explained = new Set([
    ...callsByResource.keys(),
    ...objects.flatMap(({ signs }) =>
      signs.map(({ row }) => keyOfResource({ ...row, resource: row.resource ?? '' })),
    ),
  ]);
  return [
    ...objects.map((object) => judgeObject(object, step, trafficOf)),
    ...judgeClients(calls, step),
    ...judgeSilentInsights(facts.insights, calls, step),
    ...judgeRequests(
      counted.filter((one) => !explained.has(keyOfResource(one))),
      step,
    ),
    ...helm.flatMap(judgeRelease),
    ...judgeTable(step),
  ];
};

const listedByUs = ({ usedApis }: FactItems): Set<string> =>
  new Set(
    usedApis.flatMap(({ kind, evidence }) =>
      evidence.flatMap(({ source, apiVersion }) => {
        const row = source === 'served-only' ? lookupRuledApi(apiVersion, kind) : undefined;
        return row?.resource === undefined ? [] : [`${apiVersionOf(row)}/${row.resource}`];
      }),
    ),
  );

/** What is odd about a release hides what its next upgrade starts from. */
const judgeRelease = ({ namespace, name, faults }: FactItems['helm'][number]): Verdict[] =>
  faults.length === 0
    ? []
    : [
        {
          result: 'warn',
          subject: `Helm release ${namespace}/${name}`,
          message: `It is not as Helm leaves it: ${faults.join('; ')}.`,
          remedy: {
            text: 'Look at its revisions; a helm upgrade or rollback puts it in order.',
            command: `helm history ${name} --namespace ${namespace}`,
          },
          evidence: faults,
        },
      ];

/**
 * A version that was not deprecated yet is served for so many more releases: it has to be deprecated first, and a beta
 * is served for three minors after that. Source: Kubernetes Deprecation Policy, rule 4a.
 */
const SURE_MINORS = 3;

const judgeTable = ({ to }: StepContext): Verdict[] => {
  const { newest, written } = TABLE_SOURCE;
  if (compareMinors(to, shiftMinor(newest, SURE_MINORS)) <= 0) return [];
  return [
    {
      result: 'not-checked',
      subject: 'table of deprecations',
      message: `Our table was written on ${written} and knows Kubernetes ${newest}: what ${to} takes away may not be in it.`,
      remedy: { text: 'Update Drydock; its table is written anew for each release of Kubernetes.' },
    },
  ];
};

const check = defineCheck({
  code: 'removed-apis',
  title: 'Nothing uses an API that the next version no longer serves',
  reads: ['usedApis', 'helm', 'manifests', 'requestedApis', 'insights', 'served'],
  judgesPartly: true,
  judge,
});

/** Manifests are an offer: who gives none has not left anything unread. */
export const removedApis: Check = {
  ...check,
  judge: (facts, step) => check.judge({ ...facts, manifests: facts.manifests ?? NONE_GIVEN }, step),
};

const NONE_GIVEN = { items: [], unread: [] };
