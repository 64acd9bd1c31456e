import type {
  ApiEvidence,
  HelmReleaseFact,
  ServedResourceFact,
  UsedApiFact,
} from '../../records/upgrade/api-facts.ts';
import type { ApiRow } from './api-row.ts';
import { judgeApi, type Standing, type Step } from './judgement.ts';
import { lookupRuledApi } from './table.ts';

/** A piece of evidence with what its version means at a step. */
export interface Sign {
  readonly evidence: ApiEvidence;
  readonly row: ApiRow;
  readonly standing: Exclude<Standing, 'fine'>;
}

/** An object with everything that was found about it, wherever it was found. */
export interface UsedObject {
  readonly kind: string;
  readonly namespace: string;
  readonly name: string;
  /** What matters at the step; an object without a sign is not there. */
  readonly signs: readonly [Sign, ...Sign[]];
}

/** Joins what the cluster, Helm and given files say about the same object, and keeps what matters at the step. */
export const joinObjects = (
  facts: {
    readonly usedApis: readonly UsedApiFact[];
    readonly helm: readonly HelmReleaseFact[];
    readonly manifests: readonly UsedApiFact[];
    readonly served: readonly ServedResourceFact[];
  },
  step: Step,
): UsedObject[] => {
  const all = [...facts.usedApis, ...facts.helm.flatMap(({ objects }) => objects), ...facts.manifests];
  const judge = (row: ApiRow): Standing =>
    isNoLongerServed(row, facts.served) ? 'already-removed' : judgeApi(row, step);
  const byObject = Map.groupBy(all, ({ kind, namespace, name }) => `${kind}\n${namespace}\n${name}`);
  return [...byObject.values()].flatMap((same) => {
    const [first] = same;
    const [sign, ...signs] = same.flatMap((fact) => readSigns(fact, judge));
    if (!first || !sign) return [];
    const { kind, namespace, name } = first;
    return [{ kind, namespace, name, signs: [sign, ...signs] }];
  });
};

/** A component that is installed and serves other versions of the kind has been upgraded past this one. */
const isNoLongerServed = (row: ApiRow, served: readonly ServedResourceFact[]): boolean => {
  if (row.component === 'Kubernetes') return false;
  const versions = served.filter(({ group, kind }) => group === row.group && kind === row.kind);
  return versions.length > 0 && !versions.some(({ version }) => version === row.version);
};

const readSigns = ({ kind, evidence }: UsedApiFact, judge: (row: ApiRow) => Standing): Sign[] =>
  evidence.flatMap((one) => {
    const row = lookupRuledApi(one.apiVersion, kind);
    const standing = row ? judge(row) : 'fine';
    if (!row || standing === 'fine') return [];
    // A note of the API server by a version that is gone can only be old: nobody can write by it any more.
    if (one.source === 'managed-fields' && standing === 'already-removed') return [];
    // A stale note of what is still served would be noise.
    if (one.confidence === 'low' && standing === 'deprecated') return [];
    return [{ evidence: one, row, standing }];
  });

/** `Ingress shop/web`, `ClusterRole reader`: how findings name an object. */
export const nameObject = ({ kind, namespace, name }: Omit<UsedObject, 'signs'>): string =>
  namespace === '' ? `${kind} ${name}` : `${kind} ${namespace}/${name}`;
