import * as z from 'zod';
import type { UpgradeSettings } from '../../records/configuration/upgrade.ts';
import type { HelmReleaseFact } from '../../records/upgrade/api-facts.ts';
import type { Unread } from '../../records/upgrade/facts.ts';
import { decodeHelmRelease, keepNewestRevisions } from '../deprecations/helm-release.ts';
import type { Collector } from '../reading/collection.ts';
import { unreadTopic } from './attempt.ts';
import { NO_CONNECTION, topicFacts } from './kubernetes-listed.ts';
import { part, text } from './kubernetes-object.ts';
import { readWalks, type Walk, type WalkLimits, walkLists, walkThrough } from './kubernetes-walk.ts';

const WHAT = 'Helm releases';

/**
 * A Secret takes 1 MiB at most, in JSON a third more: two first pages of ten are 28 MB at the worst. How large releases
 * are in this cluster is seen by then, and each further page has as many as make about a tenth of that.
 */
const FIRST_PAGE = 10;
const LARGEST_PAGE = 100;
const PAGE_LENGTH = 1_500_000;
const LIMITS: WalkLimits = { pages: 16, parallel: 2 };
/** Helm keeps ten revisions a release; only the deployed one counts, and the API server picks it. */
const DEPLOYED = 'owner=helm,status=deployed';

/** Where Helm 3 keeps releases: in Secrets, or in ConfigMaps with HELM_DRIVER=configmap. */
const listStorage = (namespaces: UpgradeSettings['helmNamespaces']): Walk[] =>
  (namespaces === 'all' ? [''] : namespaces).flatMap((namespace) => {
    const options = { namespace, labelSelector: DEPLOYED, limit: FIRST_PAGE };
    return [
      walkThrough('v1', 'secrets', 'Secret', options),
      walkThrough('v1', 'configmaps', 'ConfigMap', options),
    ];
  });

const Stored = z.object({
  metadata: part({ namespace: text, name: text }),
  data: part({ release: text }),
});
type Stored = z.output<typeof Stored>;

/** Deployed Helm releases of the namespaces that the user names, and what in their manifests is ruled. */
export const collectHelm: Collector = {
  name: WHAT,
  collect: async ({ kubernetes, clock }, { cluster, settings }, cursor, signal) => {
    const { helmNamespaces } = settings;
    if (helmNamespaces.length === 0) {
      const help = `Name their namespaces in drydock.yaml, under upgrade.environments.<name>.helmNamespaces of an environment on cluster ${cluster}; or except this finding.`;
      return { facts: { helm: unreadTopic(WHAT, 'their namespaces are not named', help) } };
    }
    if (!kubernetes) return { facts: { helm: unreadTopic(WHAT, NO_CONNECTION) } };
    const items: HelmReleaseFact[] = [];
    const unread: Unread[] = [];
    const walked = await walkLists(
      cursor === undefined ? listStorage(helmNamespaces) : readWalks(cursor),
      LIMITS,
      { clock, signal },
      (question) => kubernetes.listObjects(question, signal),
      (objects, { resource }) => {
        const page = objects.map((object) => Stored.safeParse(object).data ?? NOTHING);
        for (const stored of page) {
          const read = foldRelease(stored, resource.kind === 'Secret' ? 'secret' : 'configmap');
          if (read.ok) items.push(read.release);
          else unread.push(read.unread);
        }
        return choosePage(page);
      },
    );
    return {
      facts: topicFacts('helm', keepNewestRevisions(items), [...walked.unread, ...unread]),
      ...(walked.cursor === undefined ? {} : { cursor: walked.cursor }),
    };
  },
};

/** How many releases the next page shall have, going by those of this one. */
const choosePage = (page: readonly Stored[]): number => {
  const length = page.reduce((sum, { data }) => sum + data.release.length, 0);
  const fitting = Math.floor((PAGE_LENGTH * page.length) / Math.max(1, length));
  return Math.min(LARGEST_PAGE, Math.max(1, fitting));
};

/** The fact of a release, or why it cannot be read: it was cut, or is none of Helm's. */
const foldRelease = (
  { metadata, data }: Stored,
  storage: 'secret' | 'configmap',
): { ok: true; release: HelmReleaseFact } | { ok: false; unread: Unread } => {
  const decoded = decodeHelmRelease(data.release, storage);
  if (decoded.ok) return decoded;
  const what = `Helm release in ${storage} ${metadata.namespace}/${metadata.name}`;
  return { ok: false, unread: { what, reason: decoded.reason } };
};

const NOTHING: Stored = { metadata: { namespace: '', name: '' }, data: { release: '' } };
