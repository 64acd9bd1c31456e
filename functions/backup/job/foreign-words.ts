/** Longest foreign message that a reason repeats: what matters stands at its beginning. */
const MAX_MESSAGE = 300;

/** One line of what the scheduler or a kubelet said, behind a colon; nothing for nothing. */
export const sayWords = (message: string): string => {
  const line = message
    .replaceAll(/\s+/g, ' ')
    .trim()
    .replace(/[.\s]+$/, '');
  if (line === '') return '';
  return `: ${line.length <= MAX_MESSAGE ? line : `${line.slice(0, MAX_MESSAGE - 1)}…`}`;
};
