import { expect, it } from 'vitest';
import { quoteArgument } from '../../functions/backup/job/shell-quoting.ts';
import { expandCommand } from '../../infra/local/toolbox/kubelet/expand-command.ts';

const MOUNTS = new Map([
  ['/etc/gitlab', '/pods/1/secrets'],
  ['/etc/gitlab/shell', '/pods/1/shell'],
]);

it.each<[string, string, string]>([
  ['the value of a variable', 'echo $(NAME)', 'echo blue'],
  ['a variable that nobody knows as it stands', 'echo $(OTHER)', 'echo $(OTHER)'],
  ['a dollar for two', 'cp x $$HOME/x', 'cp x $HOME/x'],
  ['no variable behind two dollars', 'echo $$(NAME)', 'echo $(NAME)'],
  ["what is the shell's to expand", 'cp x $HOME/x', 'cp x $HOME/x'],
  ['the folder of a mount', 'cp /etc/gitlab/.s3cfg x', 'cp /pods/1/secrets/.s3cfg x'],
  ['the folder of the mount that lies in another', 'cat /etc/gitlab/shell/key', 'cat /pods/1/shell/key'],
  [
    'no path that only begins the same',
    'cat /etc/gitlab-other /x/etc/gitlab',
    'cat /etc/gitlab-other /x/etc/gitlab',
  ],
])('a command holds %s', (_, written, expanded) => {
  const container = { name: 'one', args: [written], env: [{ name: 'NAME', value: 'blue' }] };
  expect(expandCommand(container, {}, MOUNTS).words).toEqual([expanded]);
});

it('variables are put into later ones, and command stands before arguments', () => {
  const env = [
    { name: 'FIRST', value: 'a' },
    { name: 'SECOND', value: '$(FIRST)b' },
  ];
  const { words, env: seen } = expandCommand(
    { name: 'one', command: ['x'], args: ['y'], env },
    { HOME: '/h' },
    MOUNTS,
  );
  expect([words, seen]).toEqual([['x', 'y'], { HOME: '/h', FIRST: 'a', SECOND: 'ab' }]);
});

it('what is quoted for a container is not read by the kubelet', () => {
  const word = quoteArgument("it's $(NAME)");
  const container = { name: 'one', args: [`echo ${word}`], env: [{ name: 'NAME', value: 'blue' }] };
  expect(expandCommand(container, {}, MOUNTS).words).toEqual(["echo 'it'\\''s $(NAME)'"]);
});
