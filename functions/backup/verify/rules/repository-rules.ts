import { parseArchiveName } from '../../../clients/archive/archive-name.ts';
import type { VerificationReason } from '../../../records/backup/verification.ts';
import { leastRepositories, MAIN_DUMP } from '../dump-count.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import { makeReason } from '../reason-kinds.ts';
import { MAX_MANIFEST_GROUPS } from '../repository-count.ts';
import { dumpedProjects, isServerSide, type Rule, sourceOf } from './rule.ts';

/** The Git repositories: as many as there are projects that have one. */

const REPOSITORIES = 'repositories';

/**
 * Repositories in the archive, or their manifests in Gitaly's own bucket, against the projects: as somebody said, else as
 * the database dump of the same archive tells; for what lies in Gitaly's own bucket else as the backup's log tells.
 */
export const enoughRepositories: Rule = (evidence, expectation) => {
  if (expectation.skipped.includes(REPOSITORIES)) return [];
  return isServerSide(evidence, expectation)
    ? judgeServerSide(evidence, expectation)
    : judgeArchived(evidence, expectation);
};

const judgeServerSide: Rule = (evidence, expectation) => {
  const { serverSideProjects: found, log } = evidence;
  if (found === undefined) {
    const message = "They lie in Gitaly's own bucket, and the manifests there were not counted.";
    return [makeReason('server-side-uncounted', REPOSITORIES, message)];
  }
  const where = "Gitaly's own bucket";
  const written = log?.repositories?.projects;
  const least = [
    findLeast(evidence, expectation),
    written === undefined ? undefined : { count: written, of: LOGGED, spare: 0 },
  ].filter((one) => one !== undefined);
  if (least.length === 0) {
    const message = `${found} repositories of projects lie in ${where}; how many there must be is not known: ${whyUnknown(evidence)}.`;
    return [makeReason('server-side-uncounted', REPOSITORIES, message)];
  }
  const reasons = least.flatMap((one) => judgeCount(found, one, where));
  // Said once, by whoever misses more.
  const worst = reasons.find(({ result }) => result === 'incomplete') ?? reasons[0];
  return worst ? [worst] : [];
};

const judgeArchived: Rule = (evidence, expectation) => {
  const { contents, end } = evidence;
  // That the folder is not there at all is said for all parts in one way.
  if (!contents?.parts.some(({ part }) => part === REPOSITORIES)) return [];
  const { projects: found } = contents.repositories;
  // Further ones may lie where the archive could not be read.
  if (end?.kind !== 'whole') return [];
  const least = findLeast(evidence, expectation);
  if (least) return judgeCount(found, least, 'the archive');
  if (found > 0) {
    const message = `Repositories of projects in it: ${found}; how many there must be is not known: ${whyUnknown(evidence)}.`;
    return [makeReason('repositories-not-compared', REPOSITORIES, message)];
  }
  const source = sourceOf(REPOSITORIES, evidence, expectation);
  if (source === 'empty') return [];
  if (source === 'holds-objects') return judgeCount(0, { count: 1, of: ASKED, spare: 0 }, 'the archive');
  const message = 'There is no repository of a project in it, and how many there must be is not known.';
  return [makeReason('repositories-uncounted', REPOSITORIES, message)];
};

/** How many there must be, whose word that is, and how many of them may be missing for a reason. */
interface Least {
  readonly count: number;
  readonly of: string;
  readonly spare: number;
}

const ASKED = 'there must be at least';
const DUMPED = 'projects with commits in its database dump';
const LOGGED = "repositories of projects that the backup's log says were written";

/** What a person or a machine said goes before the dump, which is of the same backup and some minutes older. */
const findLeast = (evidence: Evidence, { projects }: Expectation): Least | undefined => {
  if (projects !== undefined) return { count: projects, of: ASKED, spare: 0 };
  const dumped = dumpedProjects(evidence);
  if (!dumped) return undefined;
  const count = leastRepositories(dumped);
  return { count, of: DUMPED, spare: spareOf(count) };
};

/**
 * The database is dumped before the repositories are written, so that a project that is deleted in between has none. One of
 * a hundred, and always one: more than that are not deleted while a backup runs, unless somebody cleans up.
 */
const spareOf = (count: number): number => Math.max(1, Math.ceil(count / 100));

const judgeCount = (found: number, { count, of, spare }: Least, where: string): VerificationReason[] => {
  if (found >= count) return [];
  const message = `${found} repositories of projects are in ${where}; ${of}: ${count}.`;
  // That none is left is no deletion in between.
  const isExplained = found > 0 && count - found <= spare;
  return [makeReason(isExplained ? 'repositories-fewer' : 'repositories-missing', REPOSITORIES, message)];
};

/** Why the dump said nothing of projects. */
const whyUnknown = ({ inner, information }: Evidence): string => {
  const dump = inner.find(({ name }) => name === MAIN_DUMP);
  if (information?.state === 'read' && information.information.onlySomeRepositories) {
    return 'the backup was told to take only some';
  }
  if (!dump) return 'no dump of the database is in the archive';
  if (dump.state === 'not-read') return 'its database dump was not read to its end';
  return dump.state === 'complete'
    ? 'its database dump does not tell of projects'
    : 'its database dump is not whole';
};

/**
 * As many manifests as the log says were written, of all repositories together: those of empty ones have no bundle. A log
 * that was not read from its begin to its end says fewer.
 */
export const loggedRepositories: Rule = (evidence, expectation) => {
  const { contents, end, log } = evidence;
  const isElsewhere = isServerSide(evidence, expectation) || expectation.skipped.includes(REPOSITORIES);
  if (!contents || !log?.repositories || isElsewhere || end?.kind !== 'whole') return [];
  const { manifests } = contents.repositories;
  // Before GitLab 16.6 there were none, and of too many ids not all are counted.
  if (manifests.length === 0 || manifests.length >= MAX_MANIFEST_GROUPS) return [];
  const listed = manifests.reduce((sum, { count }) => sum + count, 0);
  const written = log.repositories.projects + log.repositories.besides;
  if (listed >= written) return [];
  const message = `${listed} repositories have a manifest in it; the backup's log says that ${written} were written.`;
  return [makeReason('repositories-missing', REPOSITORIES, message)];
};

/**
 * What a restore finds the bundles by is there. Gitaly removes a repository before it restores it, asks for its manifest
 * (or, before GitLab 16.6, for its pointer), and passes over it when there is none: the repository is gone, and nobody is
 * told. A manifest is written last, for empty repositories too, so there is never one less than there are full bundles.
 * Source: Gitaly, `internal/backup`, Manager.Create and Manager.Restore.
 */
export const listedRepositories: Rule = ({ contents, end }) => {
  if (!contents || end?.kind !== 'whole') return [];
  const { stepped, pointers, manifests } = contents.repositories;
  // Of an archive with more ids than are told apart, some manifests were not counted.
  if (pointers > 0 || manifests.length >= MAX_MANIFEST_GROUPS) return [];
  const listed = manifests.reduce((sum, { count }) => sum + count, 0);
  if (listed >= stepped) return [];
  const message = `${stepped} repositories have a bundle in it, and ${listed} a manifest.`;
  return [makeReason('repositories-unlisted', REPOSITORIES, message)];
};

/**
 * Repositories carry the id of the backup. Since GitLab 16.6 a restore asks for the id in the archive's name, so a renamed
 * archive brings none back; the toolbox may write its own id a few seconds apart, so that is no proof.
 */
export const sameBackupId: Rule = ({ object, contents }) => {
  const id = object && parseArchiveName(object.key.slice(object.key.lastIndexOf('/') + 1))?.backupId;
  const manifests = contents?.repositories.manifests ?? [];
  const [newest] = manifests;
  if (id === undefined || !newest || manifests.some(({ backupId }) => backupId === id)) return [];
  const message = `They are kept under ${newest.backupId}, and the archive is named ${id}.`;
  const remedy = 'If the archive was renamed, name it back before it is restored.';
  return [makeReason('other-id', REPOSITORIES, message, remedy)];
};
