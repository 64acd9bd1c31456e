/** Takes secrets out of what strangers wrote, before it is kept where people read. */

export const REMOVED = '[removed]';

/** What goes away whole, by the name of its field; `user` holds a JWT in notifications of the GitLab registry. */
const SECRET_NAME =
  /authori[sz]ation|token|secret|passw(or)?d|passphrase|jwt|api[-_]?key|private[-_]?key|access[-_]?key|credential|cookie|signature/i;
const isSecretName = (name: string): boolean => name.toLowerCase() === 'user' || SECRET_NAME.test(name);

/** What goes away wherever it stands, since it looks like a credential; also when its end was cut off. */
const CREDENTIALS = [
  /eyJ[\w-]{6,}(\.[\w-]*){0,4}/g,
  /\b(Bearer|Basic) +[^\s"'\\,;<>]+/gi,
  /\b(glpat-|gldt-|glrt-|glcbt-|glptt-|gloas-|whsec_|gh[pousr]_|github_pat_|dckr_pat_|xox[abp]-|AKIA|ASIA)[\w/+=.-]+/g,
  /-----BEGIN [A-Z ]{0,40}PRIVATE KEY-----[\s\S]*?(-----END|$)/g,
  // Up to the end too: where a text was cut inside of it, the host is no longer there to tell.
  /(?<=:\/\/)[^\s/@"']{1,256}(@|$)/g,
];

/** A field with a telling name in text that is no JSON (form bodies, headers, JSON that was cut). */
const NAMED =
  /((?:authori[sz]ation|token|secret|passw(?:or)?d|passphrase|jwt|api[-_]?key|private[-_]?key|access[-_]?key|credential|cookie|signature|["']user)[\w.-]{0,40}["']?\s{0,8}[:=]\s{0,8})("(?:[^"\\]|\\.)*"?|'[^']*'?|[^\s,;&}\]]+)/gi;

/** JSON of strangers may be nested as deep as its length allows; ours to keep is not. */
const MAX_DEPTH = 24;

/**
 * Removes from a text what looks like a credential or stands in a field with a telling name, and the `known` secrets.
 */
export const redactText = (text: string, known: readonly string[] = []): string => {
  let redacted = text;
  for (const secret of known) redacted = removeKnown(redacted, secret);
  for (const pattern of CREDENTIALS) redacted = redacted.replaceAll(pattern, REMOVED);
  return redacted.replaceAll(NAMED, `$1"${REMOVED}"`);
};

/** A beginning shorter than this tells too little to search by, and stands by chance at the end of many a text. */
const MIN_BEGINNING = 6;

/** Removes a secret wherever it stands, and its beginning at the end of a text that was cut inside of it. */
const removeKnown = (text: string, secret: string): string => {
  if (secret === '') return text;
  const removed = text.replaceAll(secret, REMOVED);
  for (let length = secret.length - 1; length >= MIN_BEGINNING; length--) {
    if (removed.endsWith(secret.slice(0, length))) return removed.slice(0, -length) + REMOVED;
  }
  return removed;
};

/** The same for parsed JSON: fields with a telling name go away whole, other texts by `redactText`. */
export const redactJson = (value: unknown, known: readonly string[] = [], depth = 0): unknown => {
  if (typeof value === 'string') return redactText(value, known);
  if (typeof value !== 'object' || value === null) return value;
  if (depth === MAX_DEPTH) return '[nested too deep]';
  if (Array.isArray(value)) return value.map((member) => redactJson(member, known, depth + 1));
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      redactText(name, known),
      isSecretName(name) ? REMOVED : redactJson(member, known, depth + 1),
    ]),
  );
};
