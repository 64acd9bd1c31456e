/**
 * Texts as they travel in the payloads of a restore. A namespace may have any number of Deployments and a set any number
 * of members, and some sentences name them all; the records have all of it, a payload holds 256 KiB.
 *
 * Source: Step Functions developer guide, "Service quotas".
 */

/** As long as anybody reads a sentence. */
const MAX_CHARACTERS = 1_000;
/** As many as anybody reads of them. */
const MAX_REASONS = 20;

export const shortenText = (text: string): string =>
  text.length <= MAX_CHARACTERS ? text : `${text.slice(0, MAX_CHARACTERS - 1).toWellFormed()}…`;

export const shortenReasons = (reasons: readonly string[]): string[] =>
  reasons.slice(0, MAX_REASONS).map(shortenText);
