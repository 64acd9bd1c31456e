import type { VerificationReason } from '../../../records/backup/verification.ts';
import { makePartReason } from '../part-reasons.ts';
import type { PartLook } from '../part-rule.ts';
import { THE_SECRETS } from '../subjects.ts';

/** Without its secrets a set can not be restored, whatever else of it is whole. */
export const judgeSecrets = ({ set }: PartLook): VerificationReason[] => {
  const { secrets } = set;
  if (!secrets) {
    return [makePartReason('secrets-not-saved', THE_SECRETS, 'No export of secrets belongs to this set.')];
  }
  const unreadable = secrets.fingerprints.secrets
    .filter(({ state, need }) => state === 'unreadable' && need !== 'optional')
    .map(({ name }) =>
      makePartReason(
        'secret-unreadable',
        THE_SECRETS,
        `Secret ${name} could not be read when the set was made.`,
      ),
    );
  return [...judgeValues(secrets.values), ...unreadable];
};

/** Values that are left out on purpose are worth a note: of what people made, only what the chart names is there. */
const judgeValues = (values: 'saved' | 'left-out' | 'unreadable' | undefined): VerificationReason[] => {
  if (values === 'unreadable') {
    const message = 'The values of the Helm release could not be read when the set was made.';
    return [makePartReason('secrets-unlisted', THE_SECRETS, message)];
  }
  if (values !== 'left-out') return [];
  const message = 'The values of the Helm release are left out, as drydock.yaml says.';
  return [makePartReason('secrets-unlisted', THE_SECRETS, message, 'note')];
};
