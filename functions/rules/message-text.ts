import type { Notice } from '../records/message.ts';
import { redactText } from './secret-redaction.ts';

type AttributeName = 'id' | 'capability' | 'target' | 'environment' | 'outcome' | 'severity';

/** A notice as SNS takes it. */
export interface Message {
  readonly subject: string;
  readonly body: string;
  /** For subscription filter policies: `{"severity": ["critical"]}`. */
  readonly attributes: Readonly<Record<AttributeName, string>>;
}

/** SNS API, Publish: a subject is ASCII, has no line break, begins with a letter or digit, at most 100 characters. */
export const MAX_SUBJECT = 100;
/** SNS quota: message and attributes together, in bytes of UTF-8. */
export const MAX_MESSAGE_BYTES = 262_144;

/** What a person still reads; with every character escaped in the worst way the message stays under the quota. */
const MAX_REASONS = 20;
const MAX_LENGTH = 500;

/**
 * Writes a notice for people and for machines: a subject, lines of text, and as the last line the notice as JSON.
 * Every value keeps to its own line, so that what comes from outside cannot pose as a line of ours.
 */
export const renderMessage = (notice: Notice): Message => {
  const clean = cleanNotice(notice);
  return {
    subject: writeSubject(clean),
    body: `${writeText(clean)}\n\n${JSON.stringify(clean)}`,
    attributes: {
      id: clean.id,
      capability: clean.capability,
      target: clean.target,
      environment: clean.environment,
      outcome: clean.outcome,
      severity: clean.severity,
    },
  };
};

const writeSubject = ({ severity, environment, happened }: Notice): string =>
  shorten(toAscii(`Drydock ${severity} (${environment}): ${happened}`), MAX_SUBJECT);

const writeText = (notice: Notice): string =>
  [
    notice.happened,
    '',
    `Concerns: ${notice.matters}`,
    `Drydock did: ${notice.did}`,
    ...(notice.reasons.length > 0 ? ['Because:', ...notice.reasons.map((reason) => `  - ${reason}`)] : []),
    '',
    `Next: ${notice.next}`,
    // By itself, so that it can be copied whole.
    ...(notice.command === undefined ? [] : ['', notice.command, '']),
    ...(notice.execution ? [`See: ${notice.execution.url}`] : []),
    `Stop Drydock here: ${notice.stop}`,
    '',
    `${notice.severity}, ${notice.outcome}, at ${notice.at}, notice ${notice.id}. For machines, the last line:`,
  ].join('\n');

const cleanNotice = (notice: Notice): Notice => ({
  ...notice,
  id: cleanLine(notice.id),
  target: cleanLine(notice.target),
  environment: cleanLine(notice.environment),
  outcome: cleanLine(notice.outcome),
  happened: cleanLine(notice.happened),
  matters: cleanLine(notice.matters),
  did: cleanLine(notice.did),
  next: cleanLine(notice.next),
  stop: cleanLine(notice.stop),
  // Cut, it would be another command.
  ...(notice.command === undefined ? {} : { command: notice.command.replaceAll(UNPRINTABLE, ' ') }),
  execution: notice.execution && {
    name: cleanLine(notice.execution.name),
    arn: cleanLine(notice.execution.arn),
    url: cleanLine(notice.execution.url),
  },
  reasons: cleanReasons(notice.reasons),
});

/** Reasons quote pods and peers; the other fields are our own words, in which an image may well be named `token`. */
const cleanReasons = (reasons: readonly string[]): string[] => {
  const kept = reasons
    .slice(0, MAX_REASONS)
    .map((reason) => cleanLine(redactText(reason.slice(0, 4 * MAX_LENGTH))));
  const more = reasons.length - kept.length;
  return more > 0 ? [...kept, `and ${more} more, in the execution's record`] : kept;
};

/** Control characters, line and paragraph separators, and the marks that turn the direction of text. */
const UNPRINTABLE = /[\p{Cc}\p{Zl}\p{Zp}\u{202A}-\u{202E}\u{2066}-\u{2069}]+/gu;

const cleanLine = (text: string): string =>
  shorten(
    text
      .slice(0, 2 * MAX_LENGTH)
      .toWellFormed()
      .replaceAll(UNPRINTABLE, ' '),
    MAX_LENGTH,
  );

/** Letters keep their base (`é` becomes `e`); what has none becomes a question mark. */
const toAscii = (text: string): string =>
  text
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .replaceAll(/[^\x20-\x7e]/gu, '?');

const shorten = (text: string, length: number): string =>
  text.length <= length ? text : `${text.slice(0, length - 3).toWellFormed()}...`;
