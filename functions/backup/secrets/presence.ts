import type { SecretContent, SecretNeed } from './secret-need.ts';

/** Something about the secrets of a set that a person must know. Holds names and no values. */
interface SecretFinding {
  /** `secret-missing`, `secret-unreadable`, `secret-not-there`, `rails-...`. */
  readonly code: string;
  /** `refuse`: a set without it can not be restored. `not-checked`: nobody could look. `note`: worth knowing. */
  readonly result: 'refuse' | 'not-checked' | 'note';
  /** Name of the secret in the cluster. */
  readonly secret: string;
  readonly message: string;
  readonly remedy: string;
}

interface SortedSecrets {
  /** Those that were read, with what is in them. */
  readonly present: readonly {
    readonly need: SecretNeed;
    readonly data: Readonly<Record<string, Uint8Array>>;
  }[];
  readonly findings: readonly SecretFinding[];
}

/**
 * Sorts what belongs to a set by what exists.
 *
 * @param contents by name; a name that is not in it counts as not looked at.
 */
export const sortSecrets = (
  needs: readonly SecretNeed[],
  contents: ReadonlyMap<string, SecretContent>,
): SortedSecrets => {
  const seen = needs.map((need) => ({ need, content: contents.get(need.name) ?? NOT_ASKED }));
  return {
    present: seen.flatMap(({ need, content }) =>
      content.state === 'read' ? [{ need, data: content.data }] : [],
    ),
    findings: seen.flatMap(({ need, content }) => judge(need, content)),
  };
};

const NOT_ASKED: SecretContent = { state: 'unreadable', why: 'it was not asked for' };

const judge = (need: SecretNeed, content: SecretContent): SecretFinding[] => {
  if (content.state === 'read')
    return Object.keys(content.data).length > 0 ? [] : [missing(need, 'is empty')];
  if (content.state === 'absent') return [missing(need, 'does not exist')];
  return [
    {
      code: 'secret-unreadable',
      result: 'not-checked',
      secret: need.name,
      message: `Secret ${need.name} could not be read: ${content.why}. ${need.why}`,
      remedy: `Give the role that reads secrets the right to get ${need.name}, by name.`,
    },
  ];
};

const missing = (need: SecretNeed, how: string): SecretFinding => {
  const { name, namedBy, why } = need;
  const where = namedBy === undefined ? 'The chart makes it at its next upgrade' : `${namedBy} names it`;
  if (need.need === 'optional') {
    return {
      code: 'secret-not-there',
      result: 'note',
      secret: name,
      message: `Secret ${name} ${how}. ${why}`,
      remedy: 'Nothing has to be done.',
    };
  }
  return {
    code: 'secret-missing',
    result: 'refuse',
    secret: name,
    message: `Secret ${name} ${how}, and this GitLab uses it. ${why}`,
    remedy: `${where}: look whether release and namespace in drydock.yaml are those of this GitLab, then make the secret or correct the values.`,
  };
};
