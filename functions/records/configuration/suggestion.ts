import { closest, distance } from 'fastest-levenshtein';

/** Finds what a person may have meant; undefined when nothing known is near (a third of the letters may differ). */
export const suggestName = (written: string, known: readonly string[]): string | undefined => {
  if (known.length === 0) return undefined;
  const nearest = closest(written.toLowerCase(), known);
  return distance(written.toLowerCase(), nearest) <= Math.ceil(written.length / 3) ? nearest : undefined;
};

/** The question at the end of a message, or nothing. */
export const askDidYouMean = (written: string, known: readonly string[]): string => {
  const suggestion = suggestName(written, known);
  return suggestion === undefined ? '' : `. Did you mean "${suggestion}"?`;
};

/** What a person reads who named a site that the file does not have. */
export const describeUnknownSite = (file: string, site: string, known: readonly string[]): string =>
  `${file} has no site ${site}; known: ${known.join(', ')}${askDidYouMean(site, known)}`;
