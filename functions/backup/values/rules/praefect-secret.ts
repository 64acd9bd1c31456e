import type { ValuesRule } from '../rule.ts';

const PATH = 'global.praefect.dbSecret.secret';

/**
 * The password of Praefect's database.
 *
 * Source: GitLab chart 9 and 10, templates/shared-secrets/_generate_secrets.sh.tpl: it is generated only when
 * `global.praefect.psql.host` is empty.
 */
export const praefectSecret: ValuesRule = {
  code: 'praefect-secret',
  title: 'The password for the database of Praefect has a secret',
  judge: (values) =>
    values.isOn('global.praefect.enabled') && values.isOn('global.praefect.psql.host') && !values.isOn(PATH)
      ? [
          {
            severity: 'risk',
            path: PATH,
            message:
              'With a database host of your own the chart no longer makes <release>-praefect-dbsecret. Unless somebody made it by hand, Praefect does not start, and a GitLab that is built anew for a restore has no repositories.',
            remedy: `Make the secret, with the password under "secret", and name it in ${PATH}, so that it is saved and restored with the others.`,
          },
        ]
      : [],
};
