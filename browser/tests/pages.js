// Every kind of page, by an address that the survey of `abiscope/tests/browser/world.rs` has.

const hostile = `hostile-${"a".repeat(104)}`;

/** [what it is, its address, its status] */
export const pages = [
  ["home", "/", 200],
  ["home for another target", "/?target=abi3t-3.15", 200],
  ["projects", "/projects", 200],
  ["projects, filtered", "/projects?verdict=blocked&target=abi3-3.12&sort=blockers&desc=1", 200],
  ["projects, none", "/projects?q=nothing-is-called-so", 200],
  ["a project that is blocked", "/projects/stringlib", 200],
  ["a project without a blocker", "/projects/tidy", 200],
  ["a project without native source", "/projects/plain", 200],
  ["a project that is undecided", "/projects/lazy", 200],
  ["a project whose tool blocks", "/projects/bindings", 200],
  ["a project that was not fetched", "/projects/by-tags", 200],
  ["a project that could not be read", "/projects/damaged", 200],
  ["a project of hostile text", `/projects/${hostile}`, 200],
  ["a project that is not read", "/projects/nobody-asked", 404],
  ["a release", "/projects/stringlib/1.1", 200],
  ["uses", "/projects/stringlib/2.0/uses", 200],
  ["uses of one kind", "/projects/stringlib/2.0/uses?kind=member", 200],
  ["sites", "/projects/stringlib/2.0/sites?item=PyTuple_GET_ITEM", 200],
  ["sites of hostile text", `/projects/${hostile}/1.0/sites?item=PyTuple_GET_ITEM`, 200],
  ["source", "/projects/stringlib/2.0/source?path=stringlib/scanner.c&line=23", 200],
  ["items", "/items", 200],
  ["items, filtered", "/items?q=tuple&kind=api", 200],
  ["an item", "/items/PyTuple_GET_ITEM", 200],
  ["a member", "/items/PyFrameObject.f_code", 200],
  ["structures", "/structures", 200],
  ["a structure", "/structures/PyTypeObject", 200],
  ["the unlock curve", "/unlock?target=abi3-3.15", 200],
  ["what if", "/whatif", 200],
  ["what if, answered", "/whatif?title=Opaque&opaque=PyTypeObject", 200],
  ["a saved answer", `/whatif/${process.env.ABISCOPE_SAVED}`, 200],
  ["what became of it", `/whatif/${process.env.ABISCOPE_SAVED}/difference`, 200],
  ["what if, a wrong name", "/whatif?remove=PyTuple_GETITEM", 400],
  ["search", "/search", 200],
  ["search with hits", "/search?q=str", 200],
  ["search without hits", "/search?q=zzz", 200],
  ["search in sources", "/search/source", 200],
  ["search in sources, with lines", "/search/source?q=PyTuple_GET_ITEM&around=1", 200],
  ["search in sources, of hostile text", "/search/source?q=PyTuple&project=" + hostile, 200],
  ["search in sources, a wrong pattern", "/search/source?q=(", 400],
  ["status", "/status", 200],
  ["for programs", "/api", 200],
  ["about", "/about", 200],
  ["no page", "/nowhere", 404],
  ["a wrong address", "/projects?page=0", 400],
];

/** Where the survey keeps text that would like to be markup. */
export const hostilePages = pages.filter(([what]) => what.includes("hostile"));
