import * as z from 'zod';
import { ArchivePart } from '../../records/backup/verification.ts';
import type { Member } from '../archive/member.ts';
import type { MemberFold } from '../archive/member-fold.ts';
import { INFORMATION_FILE, isKnownName } from './parts.ts';
import {
  countRepositoryFile,
  mergeRepositories,
  NO_REPOSITORIES,
  RepositoryCount,
} from './repository-count.ts';

/**
 * What an archive holds, by the headers of its members: a sum that stays small however many members there are, and
 * that can be interrupted, kept as JSON, and joined with that of the segment after it.
 */

/** First names that GitLab does not write and that are told apart: the first ones by the alphabet. */
const MAX_STRANGERS = 20;
/** Files that are looked into later; GitLab writes about fifteen. */
const MAX_INNER = 60;
/** Where the members of all others are counted. No first name has a slash. */
export const OTHER_PARTS = '(others)/';

/** A file within the archive that is looked into: bytes from the start of the archive. */
export const InnerFile = z.object({
  name: z.string(),
  start: z.int().nonnegative(),
  size: z.int().nonnegative(),
});
export type InnerFile = z.output<typeof InnerFile>;

export const Contents = z.object({
  members: z.int().nonnegative(),
  bytes: z.int().nonnegative(),
  /** By name. */
  parts: z.array(ArchivePart),
  /** In the order of the archive; a name may come twice. */
  inner: z.array(InnerFile).max(MAX_INNER),
  /** Files that would have to be looked into and are not in `inner`. */
  innerLeftOut: z.int().nonnegative(),
  repositories: RepositoryCount,
});
export type Contents = z.output<typeof Contents>;

const EMPTY: Contents = {
  members: 0,
  bytes: 0,
  parts: [],
  inner: [],
  innerLeftOut: 0,
  repositories: NO_REPOSITORIES,
};

const addMember = (contents: Contents, { name, size, type, body }: Member): Contents => {
  const slash = name.indexOf('/');
  const first = slash < 0 ? name : name.slice(0, slash);
  // The folder that everything lies in is no part.
  const isPart = first !== '' && first !== '.';
  const isFile = isPart && type === 'file';
  const isInner = isFile && isLookedInto(name);
  const isRoom = contents.inner.length < MAX_INNER;
  return {
    members: contents.members + 1,
    bytes: contents.bytes + size,
    parts: isPart ? addPart(contents.parts, { part: first, members: 1, bytes: size }) : contents.parts,
    inner: isInner && isRoom ? [...contents.inner, { name, start: body, size }] : contents.inner,
    innerLeftOut: contents.innerLeftOut + (isInner && !isRoom ? 1 : 0),
    // A disk that is full leaves files of no bytes behind, and no bundle has none.
    repositories:
      isFile && first === 'repositories' && size > 0
        ? countRepositoryFile(contents.repositories, name)
        : contents.repositories,
  };
};

const mergeContents = (before: Contents, after: Contents): Contents => {
  const inner = [...before.inner, ...after.inner];
  return {
    members: before.members + after.members,
    bytes: before.bytes + after.bytes,
    parts: after.parts.reduce(addPart, before.parts),
    inner: inner.slice(0, MAX_INNER),
    innerLeftOut: before.innerLeftOut + after.innerLeftOut + Math.max(0, inner.length - MAX_INNER),
    repositories: mergeRepositories(before.repositories, after.repositories),
  };
};

/** What a walk keeps of an archive's members. */
export const contentsFold: MemberFold<Contents> = {
  initial: () => EMPTY,
  add: addMember,
  merge: mergeContents,
  schema: Contents,
};

/** GitLab's database dumps: `db/database.sql.gz`, and one more for each decomposed one: `db/ci_database.sql.gz`. */
export const isDump = (name: string): boolean => /^db\/[^/]+\.sql\.gz$/.test(name);
/** The content of a bucket: `uploads.tar.gz`. */
const isInnerArchive = (name: string): boolean => /^[^/]+\.tar\.gz$/.test(name);
const isLookedInto = (name: string): boolean =>
  name === INFORMATION_FILE || isDump(name) || isInnerArchive(name);

/** Sorted by name: the same whatever segments the members came in. */
const addPart = (parts: ArchivePart[], added: ArchivePart): ArchivePart[] => {
  const index = parts.findIndex(({ part }) => part === added.part);
  const found = parts[index];
  if (found) {
    const sum = { members: found.members + added.members, bytes: found.bytes + added.bytes };
    return parts.with(index, { part: found.part, ...sum });
  }
  const sorted = [...parts, { ...added }].sort((a, b) => (a.part < b.part ? -1 : 1));
  const strangers = sorted.filter(({ part }) => !isKnownName(part) && part !== OTHER_PARTS);
  const last = strangers.length > MAX_STRANGERS ? strangers.at(-1) : undefined;
  if (!last) return sorted;
  return addPart(
    sorted.filter((each) => each !== last),
    { ...last, part: OTHER_PARTS },
  );
};
