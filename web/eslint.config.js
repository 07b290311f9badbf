// The rules that `npm run lint` holds the sources to; layout is a matter of habit, not of rules.
import js from '@eslint/js';
import { defineConfig } from 'eslint/config';
import tseslint from 'typescript-eslint';

// What libraries on host pages replace by something else of the same name: client/builtins.ts stands in for it.
const replaced = {
  Array: ['from', 'isArray'],
  Object: ['keys', 'values', 'entries', 'fromEntries'],
  JSON: ['stringify'],
  Date: ['parse'],
};
const replacedMethods = [
  'map', 'filter', 'find', 'findIndex', 'findLast', 'some', 'every', 'forEach', 'reduce', 'reduceRight', 'includes', 'flat', 'flatMap', 'at', 'fill',
  'startsWith', 'endsWith', 'padStart', 'padEnd', 'repeat', 'replaceAll', 'matchAll', 'bind',
];
const html = [{ property: 'innerHTML' }, { property: 'outerHTML' }, { property: 'insertAdjacentHTML' }];
const htmlAttribute = 'JSXAttribute[name.name="dangerouslySetInnerHTML"]';

export default defineConfig(
  { ignores: ['node_modules/'] },
  js.configs.recommended,
  {
    files: ['**/*.ts', '**/*.tsx'],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // An answer's type is its caller's word: rest.call<Session>(…).
      '@typescript-eslint/no-unnecessary-type-parameters': 'off',
      eqeqeq: 'error',
      'no-console': 'error',
      // What comes from a visitor is text. It becomes elements in one place only: Preact's text nodes.
      'no-restricted-properties': ['error', ...html],
      'no-restricted-syntax': ['error', htmlAttribute],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      '@typescript-eslint/no-confusing-void-expression': ['error', { ignoreArrowShorthand: true }],
    },
  },
  {
    // Runs on other people's pages.
    files: ['client/**', 'views/**', 'widget/**'],
    rules: {
      'no-restricted-properties': [
        'error', ...html, ...Object.entries(replaced).flatMap(([object, properties]) => properties.map((property) => ({ object, property, message: 'Host pages replace it: client/builtins.ts.' }))),
      ],
      'no-restricted-syntax': [
        'error', htmlAttribute, { selector: `CallExpression[callee.property.name=/^(${replacedMethods.join('|')})$/]`, message: 'Host pages replace it: client/builtins.ts.' },
      ],
    },
  },
  {
    files: ['**/*.mjs', '*.js'],
    languageOptions: { globals: { process: 'readonly', console: 'readonly', URL: 'readonly', Buffer: 'readonly' } },
  },
);
