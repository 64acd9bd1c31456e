/** Receives one line of progress at a time; the caller decides where it goes (terminal, test log, nowhere). */
export type Report = (line: string) => void;

/** Says how long something took, for a person: `0.4 s`, `12 s`, `5 min 20 s`. */
export const formatDuration = (ms: number): string => {
  const seconds = ms / 1000;
  if (seconds < 10) return `${seconds.toFixed(1)} s`;
  if (seconds < 90) return `${Math.round(seconds)} s`;
  const rounded = Math.round(seconds);
  return `${Math.floor(rounded / 60)} min ${rounded % 60} s`;
};
