import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { CoreV1Api, V1KeyToPath, V1Pod, V1Volume } from '@kubernetes/client-node';

/** Files by their paths within a volume. */
type Files = Readonly<Record<string, Buffer>>;

/**
 * Puts the volumes of a pod into folders: Secrets and ConfigMaps as they are now, projected ones of both. An emptyDir and
 * a claim are an empty folder; what lies on a claim is gone with the pod.
 *
 * @returns the folder of each volume, by its name.
 * @throws Error when a Secret, a ConfigMap or a key of it is not there.
 */
export const makeVolumes = async (
  core: CoreV1Api,
  pod: V1Pod,
  folder: string,
): Promise<ReadonlyMap<string, string>> => {
  const namespace = pod.metadata?.namespace ?? 'default';
  const made = (pod.spec?.volumes ?? []).map(async (volume): Promise<[string, string]> => {
    const place = join(folder, volume.name);
    await mkdir(place, { recursive: true });
    for (const [path, content] of Object.entries(await readFiles(core, namespace, volume))) {
      await mkdir(dirname(join(place, path)), { recursive: true });
      await writeFile(join(place, path), content, { mode: 0o600 });
    }
    if (volume.emptyDir) await chmod(place, 0o700);
    return [volume.name, place];
  });
  return new Map(await Promise.all(made));
};

const readFiles = async (core: CoreV1Api, namespace: string, volume: V1Volume): Promise<Files> => {
  const secret = async (name = '', items?: V1KeyToPath[]): Promise<Files> => {
    const { data = {} } = await core.readNamespacedSecret({ namespace, name });
    return select(data, items, 'base64');
  };
  const configMap = async (name = '', items?: V1KeyToPath[]): Promise<Files> => {
    const { data = {} } = await core.readNamespacedConfigMap({ namespace, name });
    return select(data, items, 'utf8');
  };
  if (volume.secret) return secret(volume.secret.secretName, volume.secret.items);
  if (volume.configMap) return configMap(volume.configMap.name, volume.configMap.items);
  const parts = (volume.projected?.sources ?? []).map(async (source): Promise<Files> => {
    if (source.secret) return secret(source.secret.name, source.secret.items);
    // The token of the service account and the like: nothing here reads them from a file.
    return source.configMap ? configMap(source.configMap.name, source.configMap.items) : {};
  });
  return Object.assign({}, ...(await Promise.all(parts)));
};

/** All keys under their own names, or those of `items` under the paths given there. */
const select = (
  data: Readonly<Record<string, string>>,
  items: readonly V1KeyToPath[] | undefined,
  encoding: BufferEncoding,
): Files => {
  const wanted = items ?? Object.keys(data).map((key) => ({ key, path: key }));
  return Object.fromEntries(
    wanted.map(({ key, path }) => {
      const value = data[key];
      if (value === undefined) throw new Error(`references non-existent key: ${key}`);
      return [path, Buffer.from(value, encoding)];
    }),
  );
};
