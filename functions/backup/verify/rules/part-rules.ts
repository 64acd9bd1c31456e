import type { VerificationReason } from '../../../records/backup/verification.ts';
import { type Contents, OTHER_PARTS } from '../contents.ts';
import { isKnownName, isObjectPart, isOtherName, isPart, nameOfPart, type Part } from '../parts.ts';
import { makeReason } from '../reason-kinds.ts';
import { isLinuxPackage, isServerSide, partsThatCount, type Rule, sourceOf } from './rule.ts';

/** What must be in the archive, and what must not. */

/**
 * Every part that was not skipped on purpose is there.
 *
 * `backup-utility` writes into `:skipped` whatever is not on its disk when it packs: what it was told to skip, a bucket
 * that it could not list, and a bucket that is empty. So what is not in the archive is told apart by its source alone.
 */
export const expectedParts: Rule = (evidence, expectation) => {
  const { contents, end } = evidence;
  const listed = skippedBy(evidence);
  const isWhole = end?.kind === 'whole' && contents !== undefined;
  return partsThatCount(evidence).flatMap((part) => {
    const isThere = contents !== undefined && holdsPart(contents, part);
    const isMissing = (isWhole && !isThere) || (listed.has(part) && !isThere);
    if (!isMissing || isElsewhere(part, evidence, expectation)) return [];
    const subject = nameOfPart(part);
    if (expectation.skipped.includes(part)) {
      return [makeReason('skipped-asked', subject, 'It is not in the archive, as asked.')];
    }
    const how = listed.has(part) ? 'The backup lists it as skipped' : 'It is not in the archive';
    return [explainMissing(part, subject, how, sourceOf(part, evidence, expectation))];
  });
};

const explainMissing = (
  part: Part,
  subject: string,
  how: string,
  source: ReturnType<typeof sourceOf>,
): VerificationReason => {
  if (source === 'empty' && part !== 'db') {
    return makeReason('bucket-empty', subject, `${how}; there is nothing to back up.`);
  }
  if (source === 'holds-objects') {
    return makeReason(
      'skipped-unasked',
      subject,
      `${how}: nobody asked for that, and its bucket holds objects.`,
    );
  }
  // There is no GitLab without a database, whatever is said of it.
  if (part === 'db') return makeReason('skipped-unasked', subject, `${how}, and nobody asked for that.`);
  const code = part === 'repositories' ? 'repositories-uncounted' : 'part-unexplained';
  return makeReason(
    code,
    subject,
    `${how}: nobody asked for that, and whether there is anything to back up is not known.`,
  );
};

/** Repositories in Gitaly's own bucket leave nothing, or an empty folder, in the archive. */
const isElsewhere = (part: Part, ...about: Parameters<Rule>): boolean =>
  part === 'repositories' && isServerSide(...about);

const skippedBy = ({ information }: Parameters<Rule>[0]): ReadonlySet<string> =>
  new Set(information?.state === 'read' ? information.information.skipped : []);

/** A folder or a link that is named as the file of a bucket holds nothing that a restore takes. */
const holdsPart = ({ parts, inner, innerLeftOut }: Contents, part: Part): boolean =>
  isObjectPart(part) && innerLeftOut === 0
    ? inner.some(({ name }) => name === nameOfPart(part))
    : parts.some((each) => each.part === nameOfPart(part));

/** Nothing was skipped that is no part known here: a later GitLab may keep something new there. */
export const knownSkips: Rule = ({ information }, { skipped }) => {
  if (information?.state !== 'read' || isLinuxPackage(information)) return [];
  return information.information.skipped
    .filter((name) => !isPart(name) && !isOtherName(name) && !skipped.includes(name))
    .map((name) => makeReason('skipped-unknown', name, 'The backup lists it as skipped.'));
};

/** Nothing is in it that was to be left out. */
export const unexpectedParts: Rule = ({ contents }, { skipped }) =>
  skipped
    .filter(isPart)
    .flatMap((part) =>
      contents && holdsPart(contents, part)
        ? [makeReason('part-unexpected', nameOfPart(part), 'It was to be skipped, and is in the archive.')]
        : [],
    );

/** Nothing is in it that GitLab does not write, and nothing twice that is restored once. */
export const usualNames: Rule = ({ contents }) => {
  if (!contents) return [];
  const unknown = contents.parts.filter(({ part }) => !isKnownName(part));
  const names = contents.inner.map(({ name }) => name);
  const twice = new Set(names.filter((name, index) => names.indexOf(name) !== index));
  return [
    ...unknown.map(({ part, members }) => {
      const subject = part === OTHER_PARTS ? 'others' : part;
      return makeReason('unknown-name', subject, `GitLab does not write it; ${members} members.`);
    }),
    ...[...twice].map((name) => makeReason('twice-in-it', name, 'It is in the archive more than once.')),
    ...(contents.innerLeftOut > 0
      ? [
          makeReason(
            'not-looked-into',
            'others',
            `${contents.innerLeftOut} more dumps or archives lie in it than are looked into.`,
          ),
        ]
      : []),
  ];
};
