import { loadContracts } from '../deployment/contracts.ts';
import {
  callScripted,
  functionOf,
  readScript,
  type Script,
  type Scripted,
} from '../support/scripted-functions.ts';
import { type Answer, type Walk, walkMachine } from '../support/walk-machine.ts';

export type { Script };

/** Walks the machines of the upgrade capability with the real contracts of their functions. */

const contracts = await loadContracts('upgrade');
/** The execution that every walk takes place in. */
export const EXECUTION = {
  arn: 'arn:aws:states:eu-central-1:111122223333:execution:drydock-main-x:y',
  name: 'y',
  startedAt: '2026-11-21T05:00:02.871Z',
};

/** States that called their function with a payload that fits, over all walks. */
export const proven = new Set<string>();

/** The real Lambda skeleton around a scripted answer; an error travels as its name and a JSON text. */
const callFunction = async (
  name: string,
  payload: unknown,
  scripted: Scripted,
  state: string,
): Promise<Answer> => {
  const contract = contracts.get(name);
  if (!contract) throw new Error(`${state} calls ${name}, and there is no such function.`);
  return callScripted(contract, payload, scripted, () => void proven.add(state));
};

/** Walks with scripted answers; the arguments of every direct integration are kept. */
export const walk = async (
  machine: string,
  input: unknown,
  script: Script,
): Promise<Walk & { calls: unknown[] }> => {
  const next = readScript(script);
  const calls: unknown[] = [];
  const walked = await walkMachine({
    machine,
    execution: EXECUTION,
    input,
    answer: async (called, payload, state) => {
      const scripted = next(state);
      if (called.startsWith('arn:')) {
        calls.push(payload);
        return scripted instanceof Error
          ? { error: scripted.name, cause: scripted.message }
          : { output: { Output: scripted } };
      }
      return callFunction(functionOf(called), payload, scripted, state);
    },
  });
  return { ...walked, calls };
};
