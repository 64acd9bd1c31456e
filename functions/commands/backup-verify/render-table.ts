import { isPart, partOfName } from '../../backup/verify/parts.ts';
import { saySize } from '../../backup/verify/rules/rule.ts';
import type {
  Verification,
  VerificationReason,
  VerificationVerdict,
} from '../../records/backup/verification.ts';
import { cleanCell, renderColumns } from '../terminal.ts';

/** A verification for a terminal. */

/** Exit codes: what a pipeline may act on. */
export const EXIT_CODES: Readonly<Record<VerificationVerdict, 0 | 3 | 4 | 5>> = {
  verified: 0,
  incomplete: 3,
  corrupt: 4,
  'not-checked': 5,
};

const WORDS: Readonly<Record<VerificationReason['result'], string>> = {
  corrupt: 'corrupt',
  incomplete: 'incomplete',
  'not-checked': 'not checked',
  note: 'note',
};

/** Writes a verification as text: what was read, what is in it, what speaks against it, and the verdict. */
export const renderTable = (verification: Verification, width?: number): string =>
  [
    renderHead(verification),
    ...(verification.parts.length > 0 ? [renderParts(verification)] : []),
    ...renderProjects(verification),
    ...renderReasons(verification, width),
    `${renderVerdict(verification)}\n${renderCosts(verification)}`,
  ].join('\n\n');

const renderHead = ({ archive, information }: Verification): string => {
  const { bucket, key, versionId, size, lastModified, storageClass, lockedUntil, kmsKey } = archive;
  const facts = [
    `${saySize(size)}, written ${lastModified}`,
    ...(information?.gitlabVersion === undefined ? [] : [`GitLab ${information.gitlabVersion}`]),
    ...(storageClass === undefined ? [] : [storageClass]),
    ...(kmsKey === undefined ? [] : ['KMS']),
    ...(lockedUntil === undefined ? [] : [`locked until ${lockedUntil}`]),
    ...(versionId === undefined ? [] : [`version ${versionId}`]),
  ];
  return [`s3://${bucket}/${key}`, facts.join(', ')].map(cleanCell).join('\n');
};

const renderParts = ({ parts }: Verification): string => {
  const counts = parts.map(({ members }) => members.toLocaleString('en'));
  const width = Math.max(...counts.map(({ length }) => length));
  return renderColumns(
    parts.map(({ part, members, bytes }, index) => [
      part,
      `${(counts[index] ?? '').padStart(width)} ${members === 1 ? 'member' : 'members'}`,
      saySize(bytes),
    ]),
  );
};

/** `Projects: 7 in its database, 5 of them with commits; 6 repositories of projects in the archive.` */
const renderProjects = ({ dumps, repositories }: Verification): string[] => {
  const projects = dumps.find((dump) => dump.projects)?.projects;
  const write = (count: number): string => count.toLocaleString('en');
  const where = repositories?.where === 'gitaly' ? "Gitaly's own bucket" : 'the archive';
  const clauses = [
    ...(projects
      ? [
          `${write(projects.all)} in its database, ${write(projects.withCommits)} of them with commits` +
            (projects.leaving > 0 ? `, ${write(projects.leaving)} being deleted` : ''),
        ]
      : []),
    ...(repositories ? [`${write(repositories.projects)} repositories of projects in ${where}`] : []),
  ];
  return clauses.length > 0 ? [`Projects: ${clauses.join('; ')}.`] : [];
};

/** Reasons of one kind stand together, what is said of several things once, and what mends them once below. */
const renderReasons = ({ reasons }: Verification, width?: number): string[] => {
  const groups = [...Map.groupBy(reasons, ({ code, remedy = '' }) => `${code}\n${remedy}`).values()];
  const rows = groups.flatMap((group) => [
    ...[...Map.groupBy(group, ({ message }) => message)].map(([message, same]) => {
      const subjects = same.map(({ subject }) => subject).join(', ');
      return [WORDS[group[0]?.result ?? 'note'], group[0]?.code ?? '', `${subjects}: ${message}`];
    }),
    ...(group[0]?.remedy === undefined ? [] : [['', '', `> ${group[0].remedy}`]]),
  ]);
  return rows.length > 0 ? [renderColumns(rows, width)] : [];
};

const renderVerdict = ({ verdict, reasons }: Verification): string => {
  const count = (result: VerificationReason['result']): number =>
    reasons.filter((reason) => reason.result === result).length;
  const unchecked = count('not-checked');
  const missing = count('incomplete');
  const besides = [
    ...(verdict === 'corrupt' && missing > 0 ? [`${missing} missing or wrong`] : []),
    ...(verdict !== 'not-checked' && unchecked > 0 ? [`${unchecked} not checked`] : []),
  ];
  const also = besides.length > 0 ? ` (also ${besides.join(', ')})` : '';
  const things = (count: number): string => `${count} ${count === 1 ? 'thing' : 'things'}`;
  const sentences: Readonly<Record<VerificationVerdict, string>> = {
    // The bytes of buckets and repositories were not read, and who reads this line must not believe so.
    verified:
      'Verified: every header was read, and everything is there that must be there.\n' +
      'That what lies in its buckets and repositories comes back, only a restore proves.',
    incomplete: `Incomplete: ${things(missing)} missing or wrong${also}.`,
    corrupt: `Corrupt: do not count on this archive${also}.`,
    'not-checked': `Not checked: nothing is known to be missing, and ${things(unchecked)} could not be looked at.`,
  };
  return sentences[verdict];
};

const renderCosts = ({ reads, members, startedAt, finishedAt }: Verification): string => {
  const seconds = (Date.parse(finishedAt) - Date.parse(startedAt)) / 1000;
  const { requests, bytes } = reads;
  return `${members.toLocaleString('en')} members, ${saySize(bytes)} read in ${requests.toLocaleString('en')} ${requests === 1 ? 'read' : 'reads'}, ${seconds.toFixed(1)} s.`;
};

/** Which databases were expected to have a dump, where nobody named them. */
export const hintDatabases = ({ dumps }: Verification, isNamed: boolean): string[] => {
  if (isNamed || dumps.length === 0) return [];
  const elsewhere = dumps.find((dump) => dump.elsewhere)?.elsewhere;
  const why = elsewhere
    ? ['main', ...elsewhere].join(', ') +
      (elsewhere.length > 0 ? ', as the main dump leads to' : ': the main dump leads to no other')
    : 'main alone, as nobody said otherwise (--databases) and its dump was not read to its end';
  return [`Databases that must have a dump: ${why}.`];
};

/** What to add to the command for parts whose absence nobody explained. */
export const hintUnexplained = ({ reasons }: Verification): string[] => {
  const parts = reasons.flatMap(({ code, subject }) =>
    code === 'part-unexplained' ? [partOfName(subject) ?? subject] : [],
  );
  const names = parts.filter(isPart).join(',');
  return names === ''
    ? []
    : [
        `If that is as it should be, add --skipped or --empty with those it is true for: ${names}\n` +
          'or name their buckets (--buckets <part>=<bucket>), and they are asked.',
      ];
};
