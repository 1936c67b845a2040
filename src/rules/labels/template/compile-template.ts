// A Go template made ready to be rendered with data. Pure: no clock, no environment, no files.
import { type Expression, parseTemplate, type TemplateNode } from './parse-template.ts';
import { type Fields, isFields, isTrue, show, templateFunctions, type Value } from './template-functions.ts';
import { TemplateFault } from './tokenise-template.ts';

/** The text, or why there is none: one sentence. */
export type Rendered =
  | { readonly ok: true; readonly text: string }
  | { readonly ok: false; readonly message: string };

/** A template that has been read. */
export type Template = { readonly render: (data: Fields) => Rendered };

/** A template, or what is wrong with it and where. */
export type CompiledTemplate =
  | { readonly ok: true; readonly template: Template }
  | { readonly ok: false; readonly message: string; readonly position: number };

/** Longest result: no rule is longer, and labels must not multiply it. */
const maxResultLength = 65_536;

/** Compiles a template, or says in one sentence what is wrong with it or not supported. */
export function compileTemplate(source: string): CompiledTemplate {
  try {
    const nodes = parseTemplate(source, new Set(templateFunctions.keys()));
    return { ok: true, template: { render: (data) => render(nodes, data) } };
  } catch (error) {
    if (error instanceof TemplateFault)
      return { ok: false, message: error.message, position: error.position };
    throw error;
  }
}

function render(nodes: readonly TemplateNode[], data: Fields): Rendered {
  try {
    const text = renderNodes(nodes, data, new Map());
    if (text.length > maxResultLength) return { ok: false, message: 'The result is too long.' };
    return { ok: true, text };
  } catch (error) {
    // The functions throw for values that they cannot take, as those of Go return an error.
    if (error instanceof TypeError || error instanceof RangeError || error instanceof TemplateFault) {
      return { ok: false, message: error.message };
    }
    throw error;
  }
}

function renderNodes(nodes: readonly TemplateNode[], data: Fields, variables: Map<string, Value>): string {
  let text = '';
  for (const node of nodes) {
    if (node.kind === 'text') text += node.text;
    else if (node.kind === 'print') text += show(evaluate(node.value, data, variables));
    else if (node.kind === 'assign') variables.set(node.name, evaluate(node.value, data, variables));
    else {
      const branch = isTrue(evaluate(node.condition, data, variables)) ? node.yes : node.no;
      text += renderNodes(branch, data, variables);
    }
  }
  return text;
}

function evaluate(expression: Expression, data: Fields, variables: ReadonlyMap<string, Value>): Value {
  switch (expression.kind) {
    case 'literal':
      return expression.value;
    case 'variable':
      return variables.get(expression.name);
    case 'fields': {
      const start: Value = expression.of === undefined ? data : evaluate(expression.of, data, variables);
      return expression.names.reduce((value, name) => fieldOf(value, name, value === data), start);
    }
    case 'call': {
      const implementation = templateFunctions.get(expression.name);
      if (implementation === undefined) throw new TemplateFault(`No function "${expression.name}".`, 0);
      const [least, most] = implementation.arity;
      const { length } = expression.args;
      if (length < least || length > most) {
        const wanted = least === most ? `${least}` : `${least} to ${most}`;
        throw new TypeError(`"${expression.name}" takes ${wanted} values, not ${length}.`);
      }
      return implementation.run(...expression.args.map((arg) => evaluate(arg, data, variables)));
    }
  }
}

function fieldOf(value: Value, name: string, isRoot: boolean): Value {
  if (!isFields(value)) throw new TypeError(`There is no field .${name} here.`);
  if (isRoot && !value.fields.has(name)) {
    throw new TypeError(
      `There is no .${name}; a rule has ${[...value.fields.keys()].map((key) => `.${key}`).join(', ')}.`,
    );
  }
  return value.fields.get(name);
}
