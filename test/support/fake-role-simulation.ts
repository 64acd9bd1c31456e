import type { RoleSimulation, SimulationAnswer } from '../../functions/clients/role-simulation.ts';

/** A role in memory that may do everything, but for what a test says. */
export interface FakeRoleSimulation extends RoleSimulation {
  /** Who was asked about, in order. */
  readonly asked: readonly string[];
  /** @param what part of `action resource`: `s3:ListBucket arn:aws:s3:::acme-uploads`. */
  answer(what: string, answer: Partial<Pick<SimulationAnswer, 'decision' | 'missingContext'>>): void;
  fail(error: Error): void;
}

export const createFakeRoleSimulation = (): FakeRoleSimulation => {
  const asked: string[] = [];
  const answers = new Map<string, Partial<SimulationAnswer>>();
  let failure: Error | undefined;
  return {
    asked,
    answer: (what, answer) => void answers.set(what, answer),
    fail: (error) => {
      failure = error;
    },
    simulate: async (role, questions) => {
      asked.push(role);
      if (failure) throw failure;
      return questions.map(({ action, resource }) => {
        const [, found] = [...answers].find(([what]) => `${action} ${resource}`.includes(what)) ?? [];
        return { action, resource, decision: 'allowed', missingContext: [], ...found };
      });
    },
  };
};
