import { parseArchiveName } from '../../../clients/archive/archive-name.ts';
import type { Evidence } from '../evidence.ts';
import type { Expectation } from '../expectation.ts';
import { makeReason } from '../reason-kinds.ts';
import { MAX_MANIFEST_GROUPS } from '../repository-count.ts';
import { type Rule, sourceOf } from './rule.ts';

/** The Git repositories: as many as there are projects that have one. */

const REPOSITORIES = 'repositories';

/** Repositories in the archive, or their manifests in Gitaly's own bucket, against the projects. */
export const enoughRepositories: Rule = (evidence, expectation) => {
  if (expectation.skipped.includes(REPOSITORIES)) return [];
  return isServerSide(evidence, expectation)
    ? judgeServerSide(evidence, expectation)
    : judgeArchived(evidence, expectation);
};

const isServerSide = ({ information }: Evidence, { repositoriesServerSide }: Expectation): boolean =>
  repositoriesServerSide || (information?.state === 'read' && information.information.repositoriesServerSide);

const judgeServerSide: Rule = ({ serverSideProjects: found }, { projects }) => {
  if (found === undefined || projects === undefined) {
    const what = found === undefined ? 'the manifests there' : 'the projects';
    const message = `They lie in Gitaly's own bucket, and ${what} were not counted.`;
    return [makeReason('server-side-uncounted', REPOSITORIES, message)];
  }
  return found < projects ? [tooFew(found, projects, "Gitaly's own bucket")] : [];
};

const judgeArchived: Rule = (evidence, expectation) => {
  const { contents, end } = evidence;
  // That the folder is not there at all is said for all parts in one way.
  if (!contents?.parts.some(({ part }) => part === REPOSITORIES)) return [];
  const { projects: found } = contents.repositories;
  const { projects } = expectation;
  // Further ones may lie where the archive could not be read.
  if (end?.kind !== 'whole') return [];
  if (projects !== undefined) return found < projects ? [tooFew(found, projects, 'the archive')] : [];
  if (found > 0) {
    const message = `Repositories of projects in it: ${found}; how many there must be was not asked.`;
    return [makeReason('repositories-not-compared', REPOSITORIES, message)];
  }
  const source = sourceOf(REPOSITORIES, evidence, expectation);
  if (source === 'empty') return [];
  if (source === 'holds-objects') return [tooFew(0, 1, 'the archive')];
  const message = 'There is no repository of a project in it, and how many there must be is not known.';
  return [makeReason('repositories-uncounted', REPOSITORIES, message)];
};

const tooFew = (found: number, projects: number, where: string) =>
  makeReason(
    'repositories-missing',
    REPOSITORIES,
    `${found} repositories of projects are in ${where}; there must be ${projects} at least.`,
  );

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
