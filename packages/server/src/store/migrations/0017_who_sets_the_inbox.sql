-- Hours, teams and automatic answers have a scope of their own. A key that could change them still can.
update api_keys set scopes = scopes || '{inbox:settings}' where 'inbox' = any (scopes) and not 'inbox:settings' = any (scopes);
