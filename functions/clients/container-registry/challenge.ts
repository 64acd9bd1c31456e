/** How a registry says what it wants to see first: the `WWW-Authenticate` header, RFC 9110 section 11.6.1. */
export type Challenge =
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service?: string; readonly scope?: string }
  | { readonly scheme: 'basic' };

/** `name=value` or `name="value"`, with backslash escapes inside the quotes (RFC 9110 section 5.6). */
const PARAMETER = /^\s*,?\s*([\w!#$%&'*+.^`|~-]+)\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))/;
const SCHEME = /^\s*,?\s*([\w!#$%&'*+.^`|~-]+)(?=\s|,|$)/;

/**
 * Reads the challenge we can answer; of several, Bearer is preferred, since then the credentials are shown only to
 * the token service. Undefined when there is none.
 */
export const readChallenge = (header: string | null): Challenge | undefined => {
  const challenges = parseChallenges(header ?? '');
  for (const { scheme, parameters } of challenges) {
    const realm = parameters.get('realm');
    if (scheme !== 'bearer' || realm === undefined) continue;
    const service = parameters.get('service');
    const scope = parameters.get('scope');
    return { scheme, realm, ...(service ? { service } : {}), ...(scope ? { scope } : {}) };
  }
  return challenges.some(({ scheme }) => scheme === 'basic') ? { scheme: 'basic' } : undefined;
};

const parseChallenges = (header: string): { scheme: string; parameters: Map<string, string> }[] => {
  const challenges: { scheme: string; parameters: Map<string, string> }[] = [];
  let rest = header;
  while (rest.trim() !== '') {
    const parameter = PARAMETER.exec(rest);
    const current = challenges.at(-1);
    if (parameter && current) {
      const [, name = '', quoted, plain = ''] = parameter;
      current.parameters.set(name.toLowerCase(), quoted?.replace(/\\(.)/g, '$1') ?? plain);
      rest = rest.slice(parameter[0].length);
      continue;
    }
    const scheme = SCHEME.exec(rest);
    if (!scheme?.[1]) break;
    challenges.push({ scheme: scheme[1].toLowerCase(), parameters: new Map() });
    rest = rest.slice(scheme[0].length);
  }
  return challenges;
};
