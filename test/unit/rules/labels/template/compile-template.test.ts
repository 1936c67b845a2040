import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { compileTemplate } from '../../../../../src/rules/labels/template/compile-template.ts';

const labels = new Map([
  ['com.docker.compose.service', 'Web_API'],
  ['empty', ''],
]);
const data = {
  fields: new Map<string, string | { fields: Map<string, string> }>([
    ['Name', 'web-shop'],
    ['ContainerName', 'shop_web_1'],
    ['Labels', { fields: labels }],
  ]),
};

function render(source: string): string {
  const compiled = compileTemplate(source);
  if (!compiled.ok) return `at ${compiled.position}: ${compiled.message}`;
  const rendered = compiled.template.render(data);
  return rendered.ok ? rendered.text : `failed: ${rendered.message}`;
}

describe('compileTemplate', () => {
  const cases: [template: string, text: string][] = [
    ['Host(`{{ .Name }}`)', 'Host(`web-shop`)'],
    ['Host(`{{ normalize .ContainerName }}`)', 'Host(`shop-web-1`)'],
    ['{{ .ContainerName | trimPrefix "shop_" | replace "_" "-" }}', 'web-1'],
    ['{{ trimSuffix "_1" .ContainerName }}', 'shop_web'],
    ['{{ index .Labels "com.docker.compose.service" | lower }}', 'web_api'],
    ['{{ index $.Labels "absent" }}|{{ .Labels.absent }}', '|<no value>'],
    ['{{ (split "_" .ContainerName)._1 }}', 'web'],
    ['{{ join "." (splitList "_" .ContainerName) }}', 'shop.web.1'],
    ['{{ index (splitList "_" .ContainerName) 2 }}', '1'],
    ['{{ splitList "_" .ContainerName | first | upper }}', 'SHOP'],
    ['{{ default "x" (index .Labels "empty") }}', 'x'],
    ['{{ coalesce "" (index .Labels "empty") "y" }}', 'y'],
    ['{{ printf "%s-%d.%q" .Name 3 "a" }}', 'web-shop-3."a"'],
    ['{{ if eq .Name "web-shop" }}a{{ else }}b{{ end }}', 'a'],
    ['{{ if and (ne .Name "x") (not (index .Labels "empty")) }}a{{ end }}', 'a'],
    ['{{ if index .Labels "empty" }}a{{ else if hasPrefix "web" .Name }}b{{ else }}c{{ end }}', 'b'],
    ['{{ if false }}a{{ else if false }}b{{ else }}c{{ end }}d', 'cd'],
    ['{{ or (index .Labels "empty") .Name }}', 'web-shop'],
    ['{{ and .Name "" }}|{{ and "a" "b" }}', '|b'],
    ['{{ ternary "yes" "no" (contains "shop" .Name) }}', 'yes'],
    ['{{ $host := lower .Name }}{{ $host }}.{{ $host }}', 'web-shop.web-shop'],
    ['a \n {{- .Name -}} \n b', 'aweb-shopb'],
    ['a{{/* a remark */}}b {{- /* another */ -}} c', 'abc'],
    ['{{ len .Name }} {{ empty "" }} {{ nil | default "z" }}', '8 true z'],
    ['{{ "a}}b" }}{{ `c"d` }}', 'a}}bc"d'],
    ['{{ trunc 3 .Name }} {{ trunc -4 .Name }} {{ trimAll "-" "--a-" }}', 'web shop a'],
    ['no action', 'no action'],
  ];
  for (const [template, text] of cases) {
    it(`renders ${JSON.stringify(template)}`, () => assert.equal(render(template), text));
  }

  const faults: [template: string, fault: string][] = [
    ['{{ .Name', 'at 0: The action that begins here is not closed by }}.'],
    ['{{ range .Labels }}{{ end }}', 'at 0: "range" is not supported in rule templates.'],
    ['{{ env "HOME" }}', 'at 3: The function "env" is not supported.'],
    ['{{ if .Name }}', 'at 14: "if" has no {{ end }}.'],
    ['{{ end }}', 'at 0: "end" has no "if" before it.'],
    ['{{ if .Name }}{{ else }}{{ else }}{{ end }}', 'at 14: There is a second "else".'],
    ['{{ .Name | }}', 'at 9: A value is missing.'],
    ['{{ .Name | .Name }}', 'at 11: Only a function can stand behind |.'],
    ['{{ $x }}', 'at 3: The variable $x is not defined.'],
    ['{{ lower (.Name }}', 'at 9: This ( is not closed.'],
    ['{{ .Name ; }}', 'at 9: ";" cannot stand here.'],
    ['{{ "\\q" }}', 'at 4: "\\q" is not an escape sequence.'],
    ['{{ .Nme }}', 'failed: There is no .Nme; a rule has .Name, .ContainerName, .Labels.'],
    ['{{ .Name.x }}', 'failed: There is no field .x here.'],
    ['{{ lower }}', 'failed: "lower" takes 1 values, not 0.'],
    ['{{ index (splitList "_" .Name) 5 }}', 'failed: The list has no item 5.'],
    ['{{ printf "%x" 1 }}', 'failed: printf knows %s, %d, %v and %q, not %x.'],
  ];
  for (const [template, fault] of faults) {
    it(`refuses ${JSON.stringify(template)}`, () => assert.equal(render(template), fault));
  }

  it('never throws, whatever the template', () => {
    const part = fc.oneof(
      fc.constantFrom(
        '{{',
        '}}',
        ' -',
        '- ',
        'if ',
        'else ',
        'end',
        '.Name',
        '(',
        ')',
        '|',
        '"',
        '`',
        '$x',
        ':=',
      ),
      fc.string({ maxLength: 5 }),
    );
    fc.assert(fc.property(fc.array(part, { maxLength: 14 }), (parts) => void render(parts.join(''))));
  });

  it('refuses nesting beyond all reason instead of running out of stack', () => {
    assert.match(render(`{{ ${'('.repeat(10_000)} }}`), /nested too deeply/);
    assert.match(render('{{ if .Name }}'.repeat(10_000)), /nested too deeply/);
  });
});
