/** The grammar of a resource type, `^[a-z]+:[a-z][a-z0-9_]*$`, as a condition on the column `resource_type`. */
export const resourceTypeCheck: string = `
        instr(resource_type, ':') > 1
        and substr(resource_type, 1, instr(resource_type, ':') - 1) not glob '*[^a-z]*'
        and substr(resource_type, instr(resource_type, ':') + 1) glob '[a-z]*'
        and substr(resource_type, instr(resource_type, ':') + 1) not glob '*[^a-z0-9_]*'
        and instr(resource_type, char(0)) = 0
      `;
