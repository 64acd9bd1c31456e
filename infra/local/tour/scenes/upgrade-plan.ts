import * as z from 'zod';
import { CLUSTER } from '../../world/configuration.ts';
import type { Scene } from '../scene.ts';

const Output = z.object({ outcome: z.string(), text: z.array(z.string()) });

/** The machine that carries an upgrade out, started without more: it says what it would do, and does nothing. */
export const upgradePlan: Scene = {
  title: 'The way there, before anything moves',
  play: async (stage) => {
    const { terminal, executions, world } = stage;
    const input = { cluster: CLUSTER, by: 'you', why: 'before its support ends' };
    terminal.say('A person starts the upgrade machine. Without "dryRun": false it ends with its plan:');
    terminal.quote(JSON.stringify(input));
    const output = Output.parse(await executions.run(world.site.machines.upgrade, input));
    for (const line of output.text) terminal.quote(line);
    stage.confirm('it planned, and asked for nothing', output.outcome === 'planned', output.outcome);
    const changes = world.eks.calls().filter(({ operation }) => /^(Update|Cancel)/.test(operation));
    stage.confirm('EKS was asked for no update', changes.length === 0, JSON.stringify(changes));
  },
};
