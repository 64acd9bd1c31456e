import { containerLogKey, containerLogKind } from '../../../../functions/records/container-log.ts';
import { announce } from '../announce.ts';
import { followRollout } from '../follow-rollout.ts';
import type { Scene } from '../scene.ts';
import { shortDigest, shortImage } from '../timeline.ts';
import { waitUntil } from '../wait-until.ts';

/** A release that crash loops: turned back by digest, held, its last words kept, a person told. */
export const badRelease: Scene = {
  title: 'A bad release',
  needsLocalCluster: 'it needs pods that crash on demand',
  play: async (stage) => {
    const { terminal, shop, pods } = stage;
    const good = stage.pushed('1.2.0');
    terminal.say('1.3.0-crash is pushed. Its container exits with code 1, again and again:');

    const bad = await stage.push('1.3.0-crash');
    const rollout = await followRollout(stage, bad, 'rolled-back');
    const { image, ready } = await shop.look();
    stage.confirm(
      `${shortImage(good.image)} is back, the very digest of before, and ${ready} of ${pods} pods run it`,
      image === good.image && ready === pods,
      `${image}, ${ready} pods`,
    );
    const { holds } = await stage.state();
    stage.confirm(
      `${shortDigest(bad.digest)} is on hold for this target`,
      holds.some(({ digest }) => digest === bad.digest),
      JSON.stringify(holds),
    );
    const kept = await stage.ledger.read(containerLogKind, containerLogKey(rollout.order.name));
    const lines = kept?.logs.flatMap((log) => log.lines) ?? [];
    stage.confirm(
      `the last ${lines.length} log lines of the crashed containers are kept for 14 days, in the ledger only`,
      lines.length > 0,
      'none',
    );

    const told = await waitUntil('the rollback was told', async () =>
      (await stage.notices()).find(({ outcome }) => outcome === 'rolled-back'),
    );
    terminal.say('The person on call reads:');
    terminal.quote(`${told.subject}\n\n${withoutMachineLines(told.body)}`);

    terminal.say('A CI job insists on the same image, by the signed webhook for pipelines:');
    await announce(stage, bad);
    const refusal = await waitUntil('the second decision is in the ledger', async () =>
      (await stage.history(bad.digest)).find(({ outcome }) => outcome === 'no'),
    );
    stage.confirm(`no: ${refusal.reason}`, refusal.code === 'held', `${refusal.code}: ${refusal.reason}`);
  },
};

/** A message ends with its record as JSON, after an empty line and one that announces it. */
const withoutMachineLines = (body: string): string =>
  body.trimEnd().split('\n').slice(0, -3).join('\n').trimEnd();
