import type { Verdict } from '../check.ts';
import { listSome } from '../checks/rules/subject.ts';
import { type ApiCall, type CountedRequests, keyOfResource } from './api-calls.ts';
import { type ApiRow, apiVersionOf } from './api-row.ts';
import type { Standing, Step } from './judgement.ts';
import { mendObject } from './object-remedy.ts';
import { nameObject, type Sign, type UsedObject } from './used-object.ts';

/** What else is known of a resource: who called it lately, and how often it was asked for. */
export interface Traffic {
  readonly calls: readonly ApiCall[];
  readonly counted?: CountedRequests;
}

/**
 * Judges one object. It blocks on sure evidence alone, at the step that takes its version away: kubectl's own note, a
 * Helm manifest, a given file. The API server's notes may be stale, so they block only when somebody still calls that
 * very version of the resource.
 */
export const judgeObject = (object: UsedObject, step: Step, trafficOf: (row: ApiRow) => Traffic): Verdict => {
  const [main] = object.signs.toSorted((a, b) => weigh(b, trafficOf) - weigh(a, trafficOf));
  const sign = main ?? object.signs[0];
  const rows = new Set(object.signs.map(({ row }) => row));
  return {
    result: isSure(sign, trafficOf) ? 'block' : 'warn',
    subject: nameObject(object),
    message: tell(sign, step, isSure(sign, trafficOf)),
    remedy: mendObject(object, sign, step),
    evidence: listSome([
      ...new Set(object.signs.map(describe)),
      ...[...rows].flatMap((row) => describeTraffic(trafficOf(row))),
    ]),
  };
};

const WRITTEN_DOWN: ReadonlySet<string> = new Set(['last-applied', 'helm', 'file']);

const isSure = ({ evidence, row, standing }: Sign, trafficOf: (row: ApiRow) => Traffic): boolean => {
  if (standing !== 'removed') return false;
  if (WRITTEN_DOWN.has(evidence.source)) return evidence.confidence === 'high';
  const { calls, counted } = trafficOf(row);
  const isConfirmed = calls.length > 0 || counted !== undefined;
  return evidence.source === 'managed-fields' && evidence.confidence !== 'low' && isConfirmed;
};

const BY_STANDING: Readonly<Record<Sign['standing'], number>> = {
  removed: 200,
  'already-removed': 100,
  deprecated: 0,
};
const BY_CONFIDENCE = { high: 20, medium: 10, low: 0 } as const;

const weigh = (sign: Sign, trafficOf: (row: ApiRow) => Traffic): number =>
  (isSure(sign, trafficOf) ? 1_000 : 0) +
  BY_STANDING[sign.standing] +
  BY_CONFIDENCE[sign.evidence.confidence] +
  // Of two that are equally sure, what lies in a file can be mended there.
  (WRITTEN_DOWN.has(sign.evidence.source) ? 5 : 0);

const tell = ({ evidence, row, standing }: Sign, { to }: Step, isSure: boolean): string => {
  const api = apiVersionOf(row);
  const how = HOW[evidence.source];
  const what = `${how} ${api}`;
  if (row.component !== 'Kubernetes') return `${what}, which ${endOf(row, standing)}`;
  if (standing === 'already-removed') {
    return `${what}, which has not been served since ${row.removed}: applying it fails today already, and this step does not change that.`;
  }
  if (standing === 'removed') {
    const then = isSure ? FAILS[evidence.source] : `If that is still so, it fails then.`;
    return `${what}, which ${to} no longer serves. ${then}`;
  }
  const end = row.removed === undefined ? 'no release is set in which it goes' : goes(row);
  return `${what}, which is deprecated since ${row.deprecated}; ${end}.`;
};

const goes = (row: ApiRow): string =>
  'assumed' in row && row.assumed
    ? `it is assumed to go in ${row.removed}, and EKS serves no alpha version`
    : `it goes in ${row.removed}`;

const endOf = (row: ApiRow, standing: Standing): string => {
  const { component, deprecated, removed } = row;
  if (standing === 'already-removed') {
    return `the installed ${component} no longer serves: applying it fails today already.`;
  }
  const end =
    removed === undefined
      ? `is deprecated since ${component} ${deprecated}.`
      : `is deprecated since ${component} ${deprecated} and gone in ${component} ${removed}.`;
  return `${end} An upgrade of the cluster does not take it away, one of ${component} does.`;
};

const HOW: Readonly<Record<Sign['evidence']['source'], string>> = {
  'last-applied': 'kubectl apply sends it as',
  helm: 'The manifest of its Helm release has it as',
  file: 'The given manifest has it as',
  'managed-fields': 'It was written as',
  'served-only': 'The API server serves it only as',
};

const FAILS: Readonly<Record<Sign['evidence']['source'], string>> = {
  'last-applied': 'The next kubectl apply fails.',
  helm: 'The next helm upgrade fails.',
  file: 'Applying it fails.',
  'managed-fields': 'Somebody still calls that version, and fails then.',
  'served-only': 'Whoever asks for it by that version fails.',
};

const describe = ({ evidence }: Sign): string => {
  const { source, apiVersion, confidence, manager, time, release, template, file, line } = evidence;
  const from = template === undefined ? '' : ` (${template})`;
  const texts: Readonly<Record<typeof source, string>> = {
    'last-applied': `last-applied annotation: ${apiVersion}${confidence === 'high' ? '' : ', but others have applied it since'}`,
    'managed-fields': `managedFields: ${manager ?? 'somebody'}${release === undefined ? '' : `, release ${release},`} wrote ${apiVersion}${time === undefined ? '' : ` at ${time}`}${confidence === 'low' ? ', and others have written since' : ''}`,
    helm: `Helm release ${release ?? ''}${from}: ${apiVersion}`,
    file: `${file ?? 'manifest'}${line === undefined ? '' : `:${line}`}${from}: ${apiVersion}`,
    'served-only': `served only as ${apiVersion}; Drydock lists by it too, which EKS will show as a call of drydock`,
  };
  return texts[source];
};

/** What EKS and the API server saw, a line each. */
export const describeTraffic = ({ calls, counted }: Traffic): string[] => [
  ...calls.map(
    ({ userAgent, lastRequest }) =>
      `EKS saw calls by ${userAgent}${lastRequest === undefined ? '' : `, the last at ${lastRequest}`}`,
  ),
  ...(counted === undefined
    ? []
    : [`the API server counted ${counted.requests} requests of ${keyOfResource(counted)} since it started`]),
];
