import { minorNumber } from '../../records/kubernetes-version.ts';
import type { ApiEvidence } from '../../records/upgrade/api-facts.ts';
import type { Remedy } from '../../records/upgrade/finding.ts';
import { type ApiRow, apiVersionOf } from './api-row.ts';
import { findSuccessor, type Step, type Successor } from './judgement.ts';
import type { Sign, UsedObject } from './used-object.ts';

const GUIDE = 'https://kubernetes.io/docs/reference/using-api/deprecation-guide/';
/** Releases that the guide has a section for; it ends with 1.32. */
const IN_GUIDE: readonly number[] = [16, 22, 25, 26, 27, 29, 32];
const CONVERT =
  'https://kubernetes.io/docs/tasks/tools/install-kubectl-linux/#install-kubectl-convert-plugin';
const MAP_KUBE_APIS = 'https://github.com/helm/helm-mapkubeapis';

/** What to do about an object, by how it is written: the command as exactly as it can be known, and the page. */
export const mendObject = (object: UsedObject, { evidence, row }: Sign, step: Step): Remedy => {
  const successor = findSuccessor(row, step);
  if (!successor) return mendWithout(row);
  const when =
    successor.availableFrom === undefined
      ? ''
      : ` It is served from ${successor.availableFrom} on: hold the manifest back during the step.`;
  const wanted = `apiVersion: ${apiVersionOf(successor)}${successor.kind === row.kind ? '' : ` and kind: ${successor.kind}`}`;
  const { text, ...rest } = wayOf(evidence)({ object, evidence, row, successor, wanted });
  return { text: `${text}${when}`, link: linkOf(row), ...rest };
};

interface Case {
  readonly object: UsedObject;
  readonly evidence: ApiEvidence;
  readonly row: ApiRow;
  readonly successor: Successor;
  readonly wanted: string;
}

/** What Helm wrote is mended in Helm, also where only the API server's note tells of it. */
const wayOf = ({ source, release }: ApiEvidence): ((found: Case) => Remedy) =>
  source === 'managed-fields' && release !== undefined ? WAYS.helm : WAYS[source];

const WAYS: Readonly<Record<ApiEvidence['source'], (found: Case) => Remedy>> = {
  'last-applied': ({ object, row, successor, wanted }) => ({
    text: `Write ${wanted} in the manifest it is applied from, and apply it. kubectl convert (a plugin) rewrites fields that were renamed, as far as it knows the kind.`,
    ...(row.component === 'Kubernetes' && successor.kind === row.kind
      ? {
          command: `kubectl apply view-last-applied ${whole(row, successor)} ${address(object)} -o yaml | kubectl convert -f - --output-version ${apiVersionOf(successor)} | kubectl apply -f -`,
          link: CONVERT,
        }
      : {}),
  }),
  'managed-fields': ({ object, evidence, row, successor, wanted }) => ({
    text: `Find what ${evidence.manager ?? 'the manager'} writes, and have it write ${wanted}.`,
    command: `kubectl get ${whole(row, successor)} ${address(object)} -o yaml --show-managed-fields`,
  }),
  helm: ({ evidence, wanted }) => ({
    text: `Upgrade to a chart that writes ${wanted}. Once the old version is gone, Helm refuses to upgrade a release that names it: helm mapkubeapis (a plugin) rewrites the stored manifest, for the APIs it knows.`,
    command: mapKubeApis(evidence.release ?? ''),
    link: MAP_KUBE_APIS,
  }),
  file: ({ evidence, row, successor, wanted }) => ({
    text: `Write ${wanted} in ${evidence.template ?? evidence.file ?? 'the file'}; mind fields that were renamed.`,
    ...(row.component === 'Kubernetes' && evidence.template === undefined && evidence.file !== undefined
      ? {
          command: `kubectl convert -f ${quote(evidence.file)} --output-version ${apiVersionOf(successor)}`,
          link: CONVERT,
        }
      : {}),
  }),
  'served-only': ({ wanted }) => ({
    text: `Nothing else is served now. See to it that whatever writes it can write ${wanted} after the step.`,
  }),
};

const mendWithout = (row: ApiRow): Remedy => ({
  text: `${row.kind} has no successor: take it out of what is applied, and replace what it did, before the step.`,
  link: linkOf(row),
});

/** The page that says why and how. */
export const linkOf = (row: ApiRow): string => {
  if (row.component !== 'Kubernetes') return row.link;
  const { removed } = row;
  return removed !== undefined && IN_GUIDE.includes(minorNumber(removed))
    ? `${GUIDE}#v${removed.replace('.', '-')}`
    : GUIDE;
};

/** `ingresses.v1.networking.k8s.io`: asks for that version and no other. */
const whole = (row: ApiRow, { group, version }: Successor): string => {
  const resource = row.resource ?? row.kind.toLowerCase();
  return group === '' ? `${resource}.${version}.` : `${resource}.${version}.${group}`;
};

const address = ({ namespace, name }: UsedObject): string =>
  namespace === '' ? quote(name) : `${quote(name)} --namespace ${quote(namespace)}`;

const mapKubeApis = (release: string): string => {
  const [namespace = '', name = ''] = release.split('/');
  return `helm mapkubeapis ${quote(name)} --namespace ${quote(namespace)}`;
};

/** For a shell: what a person put into a manifest must not become a command when it is pasted. */
const quote = (word: string): string =>
  /^[\w./:@%+=-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`;
