@path: '/odata/v4/catalog'
@requires: 'any'
service Catalog {
  entity Authors {
    key ID    : Integer;
        name  : String not null;
        books : Composition of many Books on books.author = $self;
  }

  entity Books {
    key ID     : Integer;
        title  : String;
        author : Association to Authors;
  }
}
