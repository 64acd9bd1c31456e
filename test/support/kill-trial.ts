import type { KillSwitch } from './kill-switch.ts';

/** A Lambda can die at each of its calls to the outside, before it or when its answer was lost: nothing tells later. */

interface Trial<T> {
  /** The whole of it, with a Lambda that dies at a call: armed where the calls that count begin. */
  readonly play: (call: number, answered: boolean) => Promise<T>;
  readonly switchOf: (played: T) => KillSwitch;
  /** What has to be the same wherever one died. */
  readonly summarise: (played: T) => Promise<object>;
  /** Where all calls take minutes: this far apart every step has some, and other ones in each half. */
  readonly stride?: number;
}

/** Both ways to die. */
export const DEATHS = [
  ['before it was made', false],
  ['after it was made, its answer lost', true],
] as const;

/** Plays it once without a death, which says how it has to end. */
export const openKillTrial = async <T>({ play, switchOf, summarise, stride = 1 }: Trial<T>) => {
  const whole = await play(Number.MAX_SAFE_INTEGER, false);
  const { calls } = switchOf(whole);
  const well = await summarise(whole);
  const choose = (answered: boolean): number[] =>
    Array.from({ length: calls }, (_, index) => index + 1).filter(
      (call) => call % stride === (answered ? Math.floor(stride / 2) : 0),
    );
  return {
    whole,
    well,
    /** For a title: `12 of 204 calls`. */
    count: (answered: boolean): string => `${choose(answered).length} of ${calls} calls`,
    /** How it ends when it dies at one call after the other. */
    run: async (answered: boolean): Promise<object[]> => {
      const ends: object[] = [];
      for (const call of choose(answered)) {
        const played = await play(call, answered);
        const died = !switchOf(played).isArmed;
        ends.push({ call, died, ...(await summarise(played)) });
      }
      return ends;
    },
    /** How it has to end each time: somebody died, and nothing else tells. */
    expected: (answered: boolean): object[] =>
      choose(answered).map((call) => ({ call, died: true, ...well })),
  };
};
