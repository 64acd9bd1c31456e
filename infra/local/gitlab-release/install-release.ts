import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { CoreV1Api, KubeConfig } from '@kubernetes/client-node';
import { stringify } from 'yaml';
import { runHelm } from '../helm.ts';
import type { NamedSecrets } from './secrets.ts';

const CHART = fileURLToPath(new URL('./chart', import.meta.url));

/** A release as Helm is given it. */
export interface ReleaseInput {
  readonly namespace: string;
  readonly release: string;
  /** Takes the files of values, for whoever wants to look. */
  readonly folder: string;
  /** Of a file each, the later one over the earlier. */
  readonly values: readonly Readonly<Record<string, unknown>>[];
}

/** Makes namespace and Secrets, as whoever prepares an installation does. */
export const prepareNamespace = async (
  kubeconfig: string,
  namespace: string,
  secrets: NamedSecrets,
): Promise<void> => {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const core = config.makeApiClient(CoreV1Api);
  await core.createNamespace({ body: { metadata: { name: namespace } } });
  await Promise.all(
    Object.entries(secrets).map(([name, stringData]) =>
      core.createNamespacedSecret({ namespace, body: { metadata: { name }, type: 'Opaque', stringData } }),
    ),
  );
};

/**
 * Installs or upgrades the release with the real Helm. Waits for no pod.
 *
 * @throws Error with what Helm says.
 */
export const installRelease = async (
  kubeconfig: string,
  { namespace, release, folder, values }: ReleaseInput,
): Promise<void> => {
  await mkdir(folder, { recursive: true });
  const files = values.map((each, index) => ({ path: join(folder, `values-${index}.yaml`), each }));
  for (const { path, each } of files) await writeFile(path, stringify(each));
  const flags = files.flatMap(({ path }) => ['--values', path]);
  const args = ['upgrade', '--install', release, CHART, '--namespace', namespace, ...flags];
  const { failed, output } = await runHelm(kubeconfig, args);
  if (failed) throw new Error(`Helm could not install ${release}: ${output.trim()}`);
};
