import type { EksReader, UpdateSubject } from '../../functions/clients/eks/eks-reader.ts';
import type { EksUpdater, UpdateAnswer } from '../../functions/clients/eks/eks-updater.ts';
import { minorNumber } from '../../functions/records/kubernetes-version.ts';
import type {
  AddonFact,
  ClusterFact,
  InsightFact,
  NodeGroupFact,
  UpdateFact,
} from '../../functions/records/upgrade/aws-facts.ts';
import type { Clock } from '../../functions/runtime/clock.ts';
import { RefusedError } from '../../functions/runtime/errors.ts';
import { buildCalendar, buildClusterFact, buildNodeGroup } from './upgrade-facts.ts';

/** Seconds that an update takes. */
const UPDATE_SECONDS = 600;

interface Entry {
  update: UpdateFact;
  readonly subject: string;
  readonly token: string;
  readonly endsAt: number;
  readonly errors: UpdateFact['errors'];
  readonly finish: () => void;
}

/** How the next update of a subject goes: `cluster`, `addon/coredns`, `group/general`. */
interface Script {
  readonly about: string;
  readonly errors?: UpdateFact['errors'];
  readonly seconds?: number;
  readonly status?: string;
}

const nameOf = (subject: UpdateSubject | undefined): string =>
  subject === undefined
    ? 'cluster'
    : 'addon' in subject
      ? `addon/${subject.addon}`
      : `group/${subject.nodeGroup}`;

/**
 * One cluster of EKS in memory, whose updates take time on the clock of a test. It keeps what EKS promises of them:
 * one at a time on a subject, the same token is the same update, one minor up, one back.
 */
export const createFakeEks = (clock: Clock, addons: readonly AddonFact[]) => {
  const state = {
    cluster: buildClusterFact({ name: 'blue' }),
    addons: addons.map((addon) => ({ ...addon })),
    groups: [buildNodeGroup({ name: 'general' })],
    insights: [] as InsightFact[],
    refreshedAt: undefined as number | undefined,
    refreshFails: false,
    down: undefined as Error | undefined,
  };
  const log: Entry[] = [];
  const scripts: Script[] = [];
  const asked: string[] = [];

  const settle = (): void => {
    if (state.down) throw state.down;
    for (const entry of log) {
      const isOver = ['Successful', 'Failed', 'Cancelled'].includes(entry.update.status);
      if (isOver || clock.now().getTime() < entry.endsAt) continue;
      const failed = entry.errors.length > 0;
      entry.update = { ...entry.update, status: failed ? 'Failed' : 'Successful', errors: entry.errors };
      if (!failed) entry.finish();
    }
  };
  const isBusy = (subject: string): boolean =>
    log.some((entry) => entry.subject === subject && clock.now().getTime() < entry.endsAt);
  const begin = (
    subject: UpdateSubject | undefined,
    type: string,
    params: Record<string, string>,
    token: string,
    finish: () => void,
  ): UpdateAnswer => {
    const name = nameOf(subject);
    const same = log.find((entry) => entry.token === token && entry.subject === name);
    if (same) return { ok: true, update: same.update };
    asked.push(`${name} ${Object.values(params).join(' ')}`);
    if (isBusy(name) || isBusy('cluster'))
      return { ok: false, reason: 'busy', message: 'Another update runs.' };
    const at = scripts.findIndex(({ about }) => about === name);
    const [script] = at < 0 ? [] : scripts.splice(at, 1);
    const update: UpdateFact = {
      id: `u-${log.length + 1}`,
      type,
      status: script?.status ?? 'InProgress',
      createdAt: clock.now().toISOString(),
      params,
      errors: [],
      ...(subject === undefined ? {} : { about: name.slice(name.indexOf('/') + 1) }),
    };
    const endsAt = clock.now().getTime() + (script?.seconds ?? UPDATE_SECONDS) * 1_000;
    log.push({ update, subject: name, token, endsAt, errors: script?.errors ?? [], finish });
    return { ok: true, update };
  };

  const listUpdates: EksReader['listUpdates'] = async (_, subject) => {
    settle();
    return log
      .filter((entry) => entry.subject === nameOf(subject))
      .map(({ update }) => update)
      .toReversed();
  };
  const reader: EksReader = {
    readCluster: async (name): Promise<ClusterFact> => {
      settle();
      if (name !== 'blue') throw new RefusedError('eks.cluster-missing', `There is no cluster ${name}.`);
      return { ...state.cluster, status: isBusy('cluster') ? 'UPDATING' : state.cluster.status };
    },
    listVersions: async () => buildCalendar(),
    listInsights: async () => state.insights,
    startInsightsRefresh: async () => {
      state.refreshedAt = clock.now().getTime();
      return { status: 'in-progress', message: '' };
    },
    readInsightsRefresh: async () => {
      const isOver = clock.now().getTime() - (state.refreshedAt ?? 0) >= 60_000;
      return { status: state.refreshFails ? 'failed' : isOver ? 'completed' : 'in-progress', message: '' };
    },
    listAddons: async () => {
      settle();
      return state.addons.map((addon) => ({
        ...addon,
        status: isBusy(`addon/${addon.name}`) ? 'UPDATING' : addon.status,
      }));
    },
    listNodeGroups: async () => {
      settle();
      return state.groups.map((group) => ({
        ...group,
        status: isBusy(`group/${group.name}`) ? 'UPDATING' : group.status,
      }));
    },
    listFargateProfiles: async () => [],
    listUpdates,
    readUpdate: async (cluster, id, subject) => {
      const found = (await listUpdates(cluster, subject)).find((update) => update.id === id);
      if (!found) throw new RefusedError('eks.missing', `There is no update ${id}.`);
      return found;
    },
  };
  const updater: EksUpdater = {
    updateClusterVersion: async ({ version, token }) => {
      const isBack = minorNumber(version) < minorNumber(state.cluster.version);
      return begin(
        undefined,
        isBack ? 'VersionRollback' : 'VersionUpdate',
        { Version: version },
        token,
        () => {
          state.cluster = { ...state.cluster, version };
        },
      );
    },
    updateAddon: async ({ addon, version, token }) =>
      begin({ addon }, 'AddonUpdate', { AddonVersion: version }, token, () => {
        state.addons = state.addons.map((one) => (one.name === addon ? { ...one, version } : one));
      }),
    updateNodeGroup: async ({ nodeGroup, version = state.cluster.version, token }) =>
      begin({ nodeGroup }, 'VersionUpdate', { Version: version }, token, () => {
        state.groups = state.groups.map(
          (one): NodeGroupFact => (one.name === nodeGroup ? { ...one, version } : one),
        );
      }),
    cancelUpdate: async () => ({ ok: false, reason: 'invalid', message: 'It cannot be cancelled.' }),
  };
  return {
    state,
    reader,
    updater,
    /** Every update that was begun or refused, as `addon/coredns v1.2.3`; repeats with a token are none. */
    asked,
    script: (script: Script): void => void scripts.push(script),
  };
};
