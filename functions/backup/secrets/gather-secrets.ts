import type { HelmReleases } from '../../clients/helm-releases.ts';
import type { KubernetesSecrets } from '../../clients/kubernetes-secrets.ts';
import { RefusedError } from '../../runtime/errors.ts';
import { readReleaseValues } from '../release/release-values.ts';
import { openChartValues } from '../values/chart-values.ts';
import type { ValueMap } from '../values/value-tree.ts';
import type { ExportContent } from './export-document.ts';
import { readContents } from './read-contents.ts';
import { listSecrets } from './secret-list.ts';

/** Where a GitLab is, and whether its values are saved too. */
interface SecretPlace {
  readonly namespace: string;
  readonly release: string;
  readonly helmValues: boolean;
  /** Names that drydock.yaml adds. */
  readonly names?: readonly string[];
}

/** Everything that goes into an export, and where it came from. */
export interface GatheredSecrets extends ExportContent {
  readonly values: 'saved' | 'left-out' | 'unreadable';
  /** Why the values could not be read, as a sentence. */
  readonly problem?: string;
  /** Of the release that names the secrets. */
  readonly helm?: { readonly chartVersion: string; readonly revision: number };
}

/**
 * Reads the values of a release and the secrets that they name. Without the values those are read that the chart makes:
 * some secrets are worth more than none.
 *
 * @throws TransientError when the API server is away.
 */
export const gatherSecrets = async (
  place: SecretPlace,
  { releases, secrets }: { readonly releases: HelmReleases; readonly secrets: KubernetesSecrets },
  signal?: AbortSignal,
): Promise<GatheredSecrets> => {
  const { namespace, release } = place;
  const found = await readValues(place, releases, signal);
  const user: ValueMap = found.state === 'saved' ? found.values : {};
  const major = found.state === 'saved' ? found.major : undefined;
  const needs = listSecrets(release, openChartValues(user, major), place.names);
  const names = needs.map(({ name }) => name);
  const read = await readContents(secrets, namespace, names, signal);
  if (found.state !== 'saved') {
    const problem = found.state === 'unreadable' ? { problem: found.problem } : {};
    return { ...read, needs, helmValues: undefined, values: found.state, ...problem };
  }
  return { ...read, needs, helmValues: found.values, values: 'saved', helm: found.helm };
};

type FoundValues =
  | { readonly state: 'left-out' }
  | { readonly state: 'unreadable'; readonly problem: string }
  | {
      readonly state: 'saved';
      readonly values: ValueMap;
      readonly major: Extract<ReturnType<typeof readReleaseValues>, { ok: true }>['major'];
      readonly helm: { readonly chartVersion: string; readonly revision: number };
    };

const readValues = async (
  { namespace, release: name, helmValues }: SecretPlace,
  releases: HelmReleases,
  signal: AbortSignal | undefined,
): Promise<FoundValues> => {
  if (!helmValues) return { state: 'left-out' };
  try {
    const release = await releases.readRelease(namespace, name, signal);
    if (!release) return { state: 'unreadable', problem: `There is no Helm release ${namespace}/${name}.` };
    const read = readReleaseValues(release);
    if (!read.ok) return { state: 'unreadable', problem: read.reason };
    const { chartVersion, revision } = release;
    return { state: 'saved', values: read.values, major: read.major, helm: { chartVersion, revision } };
  } catch (error) {
    if (!(error instanceof RefusedError)) throw error;
    return { state: 'unreadable', problem: error.message };
  }
};
