import { run } from '../../functions/backup/export-secrets.ts';
import { listSecrets } from '../../functions/backup/secrets/secret-list.ts';
import { openChartValues } from '../../functions/backup/values/chart-values.ts';
import type { HelmRelease } from '../../functions/clients/helm-releases.ts';
import type { KubernetesSecret } from '../../functions/clients/kubernetes-secrets.ts';
import { openSecretVault } from '../../functions/clients/secret-vault.ts';
import type { BackupSet } from '../../functions/records/backup/set.ts';
import { buildSubject, openRun, RUN_INPUT, RUN_SET } from '../support/backup-step.ts';
import { createMemoryVault } from '../support/memory-vault.ts';
import { buildRelease } from './release/release-builder.ts';
import { railsYaml } from './secrets/secret-builders.ts';
import { ordinaryWith } from './values/ordinary-values.ts';

/** One run of a backup whose secrets a test saves. */

export const CANARY = 'Canary-4711';

/** Names that belong to the ordinary installation. */
export const NAMES = listSecrets('gitlab', openChartValues(ordinaryWith(''), 9)).map(({ name }) => name);

const bytes = (text: string): Uint8Array => Buffer.from(text);

/** A cluster in which each of them is, with a canary as its value. */
export const createCluster = (): Map<string, KubernetesSecret | Error> =>
  new Map(
    NAMES.map((name) => {
      const isRails = name === 'gitlab-rails-secret';
      const data = isRails
        ? { 'secrets.yml': bytes(railsYaml({ db_key_base: `${CANARY}${'c3'.repeat(58)}` })) }
        : { password: bytes(`${CANARY} of ${name}`) };
      return [name, { name, type: 'Opaque', data }];
    }),
  );

export interface ExportGiven {
  readonly set?: BackupSet;
  readonly more?: object;
  readonly release?: HelmRelease | Error | undefined;
}

export const openExport = async (given: ExportGiven = {}) => {
  const opened = await openRun(given.set);
  const { ledger, sets, clock } = opened;
  const cluster = createCluster();
  const memory = createMemoryVault();
  const asked: string[] = [];
  const place = { environment: 'production', secrets: { bucket: 'acme-secrets', kmsKey: 'alias/secrets' } };
  const vault = openSecretVault({ ...place, archives: { bucket: 'acme-backups' } }, memory);
  const save = () =>
    run(
      RUN_INPUT,
      {
        ledger,
        sets,
        subject: () => buildSubject({}, given.more),
        releases: () => ({
          async readRelease() {
            const release = 'release' in given ? given.release : buildRelease();
            if (release instanceof Error) throw release;
            return release;
          },
        }),
        secrets: () => ({
          async readSecret(_namespace, name) {
            asked.push(name);
            const found = cluster.get(name);
            if (found instanceof Error) throw found;
            return found;
          },
        }),
        vault: () => vault,
        clock,
      },
      { signal: AbortSignal.timeout(5_000) },
    );
  return {
    ledger,
    sets,
    clock,
    cluster,
    memory,
    vault,
    asked,
    save,
    manifest: async () => sets.read(RUN_SET),
  };
};
