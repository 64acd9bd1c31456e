import type { Notice } from '../../functions/records/message.ts';

/** A rolled-back release, as a person is told of it; `changes` make it another notice. */
export const buildNotice = (changes: Partial<Notice> = {}): Notice => ({
  version: 1,
  id: 'shop-web-9f2c-rolled-back',
  capability: 'deployment',
  target: 'shop-web',
  environment: 'production',
  outcome: 'rolled-back',
  severity: 'warning',
  happened: 'shop-web 1.4.0 failed and was rolled back; 1.3.9 is healthy again.',
  matters: 'Target shop-web in production.',
  did: 'Put registry.example.com/shop/web:1.3.9 back and holds the new digest.',
  next: 'Fix the image and push it again; the reasons again: npm run why -- shop-web',
  execution: {
    name: 'shop-web-9f2c',
    arn: 'arn:aws:states:eu-central-1:111122223333:execution:rollout:shop-web-9f2c',
    url: 'https://eu-central-1.console.aws.amazon.com/states/home#/v2/executions/details/x',
  },
  stop: 'Start the control machine with {"pause":"target/shop-web","by":"<you>","why":"<why>"}',
  reasons: ['container web: CrashLoopBackOff for 62 s, exit code 1'],
  at: '2026-11-21T02:14:07.000Z',
  ...changes,
});
