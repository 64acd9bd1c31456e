import type { ProjectCount, VerificationReason } from '../../../records/backup/verification.ts';
import { leastRepositories, MAIN_DUMP } from '../dump-count.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation, SourceState } from '../expectation.ts';
import { PARTS, type Part } from '../parts.ts';

/** One question about an archive: what was seen, against what must be so. Pure; it sees only what it is given. */
export type Rule = (evidence: Evidence, expectation: Expectation) => VerificationReason[];

/** Whether there is anything to back up for a part: as was asked of its bucket, else as the backup's own log tells. */
export const sourceOf = (part: Part, evidence: Evidence, { sources, projects }: Expectation): SourceState => {
  const told = sources[part] ?? 'unknown';
  if (told !== 'unknown') return told;
  const { log } = evidence;
  if (part === 'repositories') {
    const dumped = dumpedProjects(evidence);
    const least = projects ?? (dumped && leastRepositories(dumped));
    if (least !== undefined) return least > 0 ? 'holds-objects' : 'empty';
  }
  return log?.emptyParts.includes(part) ? 'empty' : 'unknown';
};

/** Projects by the main dump of this archive; undefined when it did not say, or when they are not what was backed up. */
export const dumpedProjects = ({ inner, information }: Evidence): ProjectCount | undefined => {
  if (information?.state !== 'read' || information.information.onlySomeRepositories) return undefined;
  // Of two with this name nobody knows which one is restored beside the repositories.
  const [dump, another] = inner.filter(({ name }) => name === MAIN_DUMP);
  return another ? undefined : dump?.projects;
};

/** Repositories lie in Gitaly's own bucket: as the tool was told, or as it says itself. */
export const isServerSide = ({ information }: Evidence, { repositoriesServerSide }: Expectation): boolean =>
  repositoriesServerSide || (information?.state === 'read' && information.information.repositoriesServerSide);

/** Parts that this archive can bring back: of a Linux package, `backup-utility` restores no buckets. */
export const partsThatCount = ({ information }: Evidence): readonly Part[] =>
  isLinuxPackage(information) ? ['db', 'repositories'] : PARTS;

/** GitLab Rails, `Gitlab::INSTALLATION_TYPE`; the toolbox writes its own and asks for it when it restores. */
const HELM_CHART = 'gitlab-helm-chart';

/** Where no type is told, the file is cut: both kinds of GitLab write one, so nothing is left out on its account. */
export const isLinuxPackage = (information: Evidence['information']): boolean =>
  information?.state === 'read' &&
  information.information.installationType !== undefined &&
  information.information.installationType !== HELM_CHART;

/** `3 bytes`, `4.2 MB`: as a person compares sizes. */
export const saySize = (bytes: number): string => {
  let size = bytes;
  let unit = 0;
  // From here on three digits round up to the next unit.
  while (size >= 999.5 && unit < UNITS.length - 1) {
    size /= 1000;
    unit += 1;
  }
  return `${unit === 0 ? size : size.toPrecision(3)} ${UNITS[unit]}`;
};
const UNITS = ['bytes', 'kB', 'MB', 'GB', 'TB', 'PB'];
