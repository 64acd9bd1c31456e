import { looksLikeSecret } from '../../records/configuration/scalars.ts';

/** What a name, a mode, a version or a size consists of; a password may, too, hence the second look. */
const PLAIN = /^[\w./:,-]{1,63}$/;

/** What may be a secret, or is long, is not repeated: its path says where it stands. */
const HIDDEN = 'what stands there';

/** Repeats a value of the user for a message; what may be a secret is replaced by words. */
export const quote = (text: string): string => (isQuotable(text) ? `"${text}"` : HIDDEN);

/** Repeats several, each once. */
export const quoteAll = (texts: readonly string[]): string => [...new Set(texts.map(quote))].join(', ');

const isQuotable = (text: string): boolean =>
  PLAIN.test(text) && !text.split(/[,:/]/).some((part) => looksLikeSecret(part)) && !looksLikeSecret(text);
