import { describe, expect, it } from 'vitest';
import { openTerminal, type Terminal } from '../../infra/local/terminal/terminal.ts';
import type { Scene } from '../../infra/local/tour/scene.ts';
import { playScenes } from '../../infra/local/tour/tour.ts';
import { SceneFailed, waitUntil } from '../../infra/local/tour/wait-until.ts';
import { writeToText } from '../support/text-stream.ts';

interface Boards {
  readonly terminal: Terminal;
  readonly pods: number;
}

const buildScene = (title: string, play: () => Promise<void> = async () => undefined): Scene<Boards> => ({
  title,
  play,
});

const play = async (scenes: readonly Scene<Boards>[], pods = 3) => {
  const { stream, text } = writeToText();
  const failed = await playScenes(scenes, { terminal: openTerminal(stream), pods });
  return { failed, text: text() };
};

describe('the tour', () => {
  it('plays every scene under its number', async () => {
    const { failed, text } = await play([buildScene('Push'), buildScene('Pause')]);
    expect(failed).toBeUndefined();
    expect(text).toMatch(/1\. Push[\s\S]*2\. Pause/);
  });

  it('ends at the scene that did not go as told, and says how', async () => {
    const refused = new SceneFailed('Waited 30 s in vain until web runs 1.1.0.');
    const { failed, text } = await play([
      buildScene('Push', () => Promise.reject(refused)),
      buildScene('Pause'),
    ]);
    expect(failed).toBe(refused);
    expect(text).not.toContain('Pause');
  });

  it('does not take a defect of its own for a scene that failed', async () => {
    const defect = new TypeError('undefined is not a function');
    await expect(play([buildScene('Push', () => Promise.reject(defect))])).rejects.toBe(defect);
  });

  it('leaves out what needs pods where there are none, says so, and goes on', async () => {
    const crash = {
      ...buildScene('Crash', () => Promise.reject(new Error('played'))),
      needsLocalCluster: 'it needs pods that crash on demand',
    } as const;
    const { failed, text } = await play([crash, buildScene('Pause')], 0);
    expect(failed).toBeUndefined();
    expect(text).toMatch(/1\. Crash\s+Left out on a cluster of your own: it needs pods[\s\S]*2\. Pause/);
  });
});

describe('waiting', () => {
  it('takes the first answer that is there', async () => {
    const answers = [undefined, undefined, 'seen'];
    expect(await waitUntil('it is seen', async () => answers.shift())).toBe('seen');
  });

  it('names what it waited for, how long, and why the last look failed', async () => {
    const look = (): Promise<undefined> => Promise.reject(new Error('connection refused'));
    await expect(waitUntil('web runs', look, 0)).rejects.toThrow(
      'Waited 0 s in vain until web runs. The last look failed: connection refused',
    );
  });
});
