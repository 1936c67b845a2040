// What the bundler makes of CSS imports: a module is a map from local to generated class names.
declare module '*.module.css' {
  const classes: Readonly<Record<string, string>>;
  export default classes;
}
declare module '*.css' {}
