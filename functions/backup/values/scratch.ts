import { parseByteSize, sayByteSize } from './byte-size.ts';
import type { ChartValues } from './chart-values.ts';
import type { ValuesVerdict } from './finding.ts';

/** Disk beside the toolbox: how much an archive needs while it is made or unpacked. */

/**
 * Components and the finished archive lie there at once: less than twice the archive surely runs full.
 *
 * Source: CNG, gitlab-toolbox/scripts/bin/backup-utility, `pack_backup`: the tar is written beside what it is made of.
 */
const SURELY_FULL = 2;

/** Copies of whole buckets lie there too, before they are packed: GitLab plans two to three times. */
const COMFORTABLE = 3;

/** What a node with the usual 20 GiB disk has left for a pod, beside images and logs. */
const SPARE_NODE_DISK = 10 * 1024 ** 3;

/**
 * Judges the volume of one pod of the toolbox.
 *
 * @param path of its `persistence`.
 * @param archiveBytes expected size of the archive, when it is known.
 */
export const judgeSpace = (
  values: ChartValues,
  path: string,
  archiveBytes: number | undefined,
  words: { readonly who: string; readonly purpose: string },
): ValuesVerdict[] => {
  const needed = archiveBytes === undefined ? undefined : archiveBytes * COMFORTABLE;
  const suggested = needed === undefined ? 'at least three times the archive' : sayByteSize(needed);
  const enough = `Write ${path}.enabled: true with a size of ${suggested}, and a storageClass.`;
  if (!values.isOn(`${path}.enabled`)) {
    if (needed !== undefined && needed <= SPARE_NODE_DISK) return [];
    const much = needed === undefined ? '' : `, which takes about ${sayByteSize(needed)}`;
    const message = `${words.who} ${words.purpose} in an emptyDir, on the disk of its node${much}: when that runs low the pod is evicted in the middle, with whatever else runs there.`;
    return [{ severity: 'risk', path: `${path}.enabled`, message, remedy: enough }];
  }
  const size = parseByteSize(values.text(`${path}.size`) ?? '');
  // A volume that somebody made has the size that it has, whatever is asked for here.
  if (size === undefined || archiveBytes === undefined || values.isOn(`${path}.volumeName`)) return [];
  if (size >= archiveBytes * COMFORTABLE) return [];
  const isSure = size < archiveBytes * SURELY_FULL;
  const message = `${words.who} ${words.purpose} on a volume of ${sayByteSize(size)}; an archive of ${sayByteSize(archiveBytes)} takes two to three times as much, since its parts lie beside it. ${isSure ? 'It runs full.' : 'It may run full.'}`;
  return [{ severity: isSure ? 'trap' : 'risk', path: `${path}.size`, message, remedy: enough }];
};
